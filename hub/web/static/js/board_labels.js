// The words of the domains' boards; loaded with these.

import { addLabels } from "./labels.js";

addLabels({
  devices_more: { one: "1 more device", en: "{n} more devices", ko: "그 외 {n}대" },
  spread_none: { en: "most {from}", ko: "대부분 {from}" },
  spread: { en: "most {from} to {to}", ko: "대부분 {from}~{to}" },
  devices_all: { en: "Show all {n} devices", ko: "기기 {n}대 모두 보기" },
  board_rate: { one: "1 reading a second", en: "{n} readings a second", ko: "초당 {n}건 수신" },
  board_empty: { en: "No device of this board is connected", ko: "이 보드에 연결된 기기가 없습니다" },
  last_heard: { en: "last heard {age} ago", ko: "마지막 수신 {age} 전" },
  no_news: { en: "no news for {age}", ko: "{age}째 새 소식 없음" },
  coex: { en: "COEX", ko: "코엑스" },
  metres_scale: { en: "{n} m", ko: "{n} m" },
  kilometres_scale: { en: "{n} km", ko: "{n} km" },
  chart_label: { en: "{field}: chart of the last 5 minutes", ko: "{field} 최근 5분 그래프" },
  location: { en: "Position", ko: "위치" },
  north: { en: "N", ko: "북" },
});
