// The words of what is played again; loaded with the player.

import { addLabels } from "./labels.js";

addLabels({
  past_title: { en: "REPLAY · the last {n} s", ko: "재생 · 최근 {n}초" },
  past_ago: { en: "{n} s ago", ko: "{n}초 전" },
  past_now: { en: "now", ko: "지금" },
  past_hint: {
    en: "On this screen only. The hub receives and stores as before.",
    ko: "이 화면에서만 재생합니다. 허브는 그대로 수신하고 저장합니다.",
  },
  past_end: { en: "Back to live (Esc)", ko: "실시간으로(Esc)" },
  past_where: { en: "Position in the replay", ko: "재생 위치" },
  past_failed: { en: "There is nothing to replay: {reason}", ko: "재생할 수 없습니다: {reason}" },
  past_trouble: { en: "Live now: {what}", ko: "지금 현황: {what}" },
  day_title: { en: "REPLAY · the day in {n} s", ko: "재생 · 하루를 {n}초로" },
  day_readings: { en: "Readings", ko: "측정값" },
  day_rejections: { en: "Rejected", ko: "거부" },
  day_none: { en: "Nothing was stored today yet.", ko: "오늘 저장된 측정값이 아직 없습니다." },
});
