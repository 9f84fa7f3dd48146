// The words of what the ops staff does, in the pages' two languages.

export const OPS_LABELS = {
  mute: { en: "Mute", ko: "음소거" },
  mute_title: { en: "Mute this alarm", ko: "이 알림 음소거" },
  mute_hint: {
    en: "It stays in the list in grey, with your name, and is not counted. Other alarms are told as before.",
    ko: "목록에는 이름과 함께 회색으로 남고, 건수에서는 빠집니다. 다른 알림은 그대로 나옵니다.",
  },
  mute_by: { en: "Your name", ko: "담당자 이름" },
  mute_what: { en: "What", ko: "대상" },
  mute_device: { en: "Everything of the device {device}", ko: "기기 {device}의 모든 알림" },
  mute_cause: { en: "This cause, at every booth that has it", ko: "이 원인(해당하는 모든 부스)" },
  mute_until: { en: "For how long", ko: "기간" },
  mute_minutes: { en: "{n} min", ko: "{n}분" },
  mute_hours: { en: "{n} h", ko: "{n}시간" },
  mute_failed: { en: "It was not muted: {reason}", ko: "음소거하지 못했습니다: {reason}" },
  unmute: { en: "End", ko: "해제" },
  unmute_title: { en: "End the muting", ko: "음소거 해제" },
  muted_lane: { en: "Muted", ko: "음소거됨" },
  muted_by: { en: "{by}, until {until}", ko: "{by} · {until}까지" },
  all_well_muted: { en: "Well, but for {n} muted", ko: "음소거한 {n}건 외에는 정상입니다" },
  cancel: { en: "Cancel", ko: "취소" },
};
