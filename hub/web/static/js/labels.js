// Every word that the pages say, in the two languages of the event: one table.
// Names of booths, kinds and fields are not here: the hub sends them as {en, ko}.

const LABELS = {
  // states
  live: { en: "Live", ko: "정상" },
  late: { en: "Late", ko: "지연" },
  offline: { en: "Offline", ko: "끊김" },
  absent: { en: "Not connected yet", ko: "연결 전" },
  empty: { en: "No device", ko: "기기 없음" },
  ok: { en: "OK", ko: "정상" },
  down: { en: "Down", ko: "연결 끊김" },
  full: { en: "Full", ko: "가득 참" },
  failing: { en: "Failing", ko: "이상" },
  away: { en: "Away", ko: "응답 없음" },
  holding: { en: "Holding back", ko: "보류 중" },

  unknown: { en: "Unknown", ko: "알 수 없음" },

  // header and health
  wall_title: { en: "Live wall", ko: "실시간 현황판" },
  broker: { en: "Broker", ko: "브로커" },
  outbox: { en: "Outbox", ko: "아웃박스" },
  store: { en: "Store", ko: "저장소" },
  outbox_fill: { en: "{used} of {limit}", ko: "{limit} 중 {used}" },
  link_open: { en: "Live", ko: "실시간" },
  link_connecting: { en: "Connecting…", ko: "연결 중…" },
  link_retry: { en: "Reconnecting…", ko: "다시 연결 중…" },
  link_lost: { en: "No answer", ko: "응답 없음" },
  link_hint: { en: "Connection of this page to the hub", ko: "이 화면과 허브의 연결" },
  language_switch: { en: "한국어", ko: "English" },
  language_hint: { en: "한국어로 보기", ko: "Show in English" },
  boards: { en: "Boards", ko: "보드" },
  overview: { en: "Overview", ko: "전체" },

  // banners
  banner_failing: { en: "The hub has a problem: {parts}", ko: "허브에 문제가 있습니다: {parts}" },
  banner_part: { en: "{part}: {state}", ko: "{part} {state}" },
  banner_lost: {
    en: "The hub does not answer. These are the values of {time}.",
    ko: "허브가 응답하지 않습니다. {time}의 값을 보고 있습니다.",
  },
  banner_lost_hint: {
    en: "The page keeps trying. Readings are not lost while the broker runs.",
    ko: "계속 다시 연결하고 있습니다. 브로커가 켜져 있으면 기기의 값은 사라지지 않습니다.",
  },
  banner_never: { en: "The hub does not answer yet", ko: "아직 허브가 응답하지 않습니다" },
  banner_denied: { en: "This page needs its link", ko: "전용 링크로 열어 주세요" },
  banner_denied_hint: {
    en: "Open it with the link you were given; the operations desk can give you a new one.",
    ko: "안내받은 링크로 다시 열어 주세요. 링크가 없으면 운영 데스크에 문의하세요.",
  },
  loading: { en: "Loading…", ko: "불러오는 중…" },

  // accounts
  accounts: { en: "Messages", ko: "메시지 집계" },
  received: { en: "received", ko: "수신" },
  accepted: { en: "accepted", ko: "수락" },
  rejected: { en: "rejected", ko: "거부" },
  duplicate: { en: "duplicate", ko: "중복" },
  ignored: { en: "ignored", ko: "무시" },
  stored: { en: "stored", ko: "저장" },
  waiting: { en: "waiting", ko: "대기" },
  refused: { en: "refused", ko: "저장 거절" },
  accounts_off: { en: "do not balance", ko: "맞지 않음" },

  // overview
  all_well: { en: "All devices are well", ko: "모든 기기가 정상입니다" },
  attention_count: { en: "{n} need attention", ko: "확인 필요 {n}건" },
  attention: { en: "Needs attention", ko: "확인 필요" },
  attention_none: { en: "Nothing needs attention", ko: "확인할 것이 없습니다" },
  attention_more: { en: "+ {n} more", ko: "외 {n}건" },
  devices: { en: "Devices", ko: "기기" },
  devices_live: { en: "Devices live", ko: "정상 기기" },
  board_rate: { en: "{n} readings a second", ko: "초당 {n}건 수신" },
  per_second: { en: "Readings /s", ko: "초당 수신" },
  rejections_recent: { en: "Rejected, 10 min", ko: "거부 (10분)" },
  rejected_n: { en: "{n} rejected", ko: "거부 {n}" },
  floor_plan: { en: "Floor plan", ko: "배치도" },
  floor_none: { en: "No booth has a place in the zone file", ko: "배치가 등록된 부스가 없습니다" },
  not_on_plan: { en: "Not on the plan", ko: "배치도에 없음" },
  domain_none: { en: "No devices", ko: "기기 없음" },
  since: { en: "for {age}", ko: "{age}째" },
  ago: { en: "{age} ago", ko: "{age} 전" },
  now: { en: "now", ko: "방금" },
  never: { en: "never", ko: "없음" },
  normal_band: { en: "normal {band}", ko: "정상 {band}" },
  at_most: { en: "up to {high}", ko: "{high} 이하" },
  at_least: { en: "from {low}", ko: "{low} 이상" },
  times: { en: "{n}×", ko: "{n}회" },
  unknown_device: { en: "unknown device", ko: "알 수 없는 기기" },

  // warnings
  warn_clock: { en: "Clock", ko: "시계" },
  warn_clock_ahead: { en: "Clock {age} ahead", ko: "시계가 {age} 빠름" },
  warn_clock_behind: { en: "Clock {age} behind", ko: "시계가 {age} 느림" },
  warn_ignored: { en: "Ignored fields: {names}", ko: "무시된 필드: {names}" },

  // cards
  yes: { en: "Yes", ko: "예" },
  no: { en: "No", ko: "아니요" },
  location: { en: "Position", ko: "위치" },
  coex: { en: "COEX", ko: "코엑스" },
  north: { en: "N", ko: "북" },
  metres_scale: { en: "{n} m", ko: "{n} m" },
  kilometres_scale: { en: "{n} km", ko: "{n} km" },
  board_empty: { en: "No device of this board is connected", ko: "이 보드에 연결된 기기가 없습니다" },

  // nothing connected yet
  start_title: { en: "Waiting for the first device", ko: "첫 기기를 기다리고 있습니다" },
  start_how: { en: "Connect a device", ko: "기기를 연결해 보세요" },
  start_text: {
    en: "Publish a reading to this broker and it appears here within a second.",
    ko: "아래 브로커로 값을 보내면 1초 안에 여기에 나타납니다.",
  },
  start_topic: { en: "Topic", ko: "토픽" },
  start_address: { en: "MQTT address", ko: "MQTT 주소" },
  start_try: { en: "Try it", ko: "보내 보기" },

  // exhibitor's page
  booth_title: { en: "Booth {id}", ko: "부스 {id}" },
  booth_all_live: { en: "All {n} devices are sending", ko: "기기 {n}대가 모두 값을 보내고 있습니다" },
  booth_one_live: { en: "Your device is sending", ko: "기기가 값을 보내고 있습니다" },
  booth_some_live: {
    en: "{live} of {n} devices are sending",
    ko: "기기 {n}대 중 {live}대가 값을 보내고 있습니다",
  },
  booth_none_live: { en: "No device is sending now", ko: "지금 값을 보내는 기기가 없습니다" },
  booth_waiting: { en: "Waiting for your first device", ko: "첫 기기를 기다리고 있습니다" },
  booth_waiting_text: {
    en: "Send one message as shown below. It appears here within a second, and this page tells you if something is wrong with it.",
    ko: "아래 안내대로 메시지를 하나 보내 보세요. 1초 안에 이 화면에 나타나고, 잘못된 점이 있으면 바로 알려 드립니다.",
  },
  booth_unknown: { en: "There is no booth “{id}”", ko: "“{id}” 부스를 찾을 수 없습니다" },
  booth_unknown_text: {
    en: "Check the address: the booth's id is on your hand-out sheet. Messages sent under this id still show up here.",
    ko: "주소를 확인해 주세요. 부스 번호는 안내문에 있습니다. 이 번호로 보낸 메시지가 있으면 아래에 그대로 나타납니다.",
  },
  booth_missing: { en: "{n} more expected", ko: "아직 {n}대가 더 연결되어야 합니다" },
  your_devices: { en: "Your devices", ko: "우리 부스의 기기" },
  your_rejections: { en: "Messages that were not accepted", ko: "받아들여지지 않은 메시지" },
  rejections_none: {
    en: "None. Everything you sent was accepted.",
    ko: "없습니다. 보낸 메시지가 모두 받아들여졌습니다.",
  },
  connect: { en: "Connect a device", ko: "기기 연결하기" },
  connect_step_broker: { en: "Connect to the broker", ko: "브로커에 연결하기" },
  connect_step_topic: { en: "Publish to your topic", ko: "우리 기기의 토픽으로 보내기" },
  connect_step_try: { en: "Or try it from a computer", ko: "컴퓨터에서 바로 보내 보기" },
  host: { en: "Host", ko: "호스트" },
  port: { en: "Port", ko: "포트" },
  encryption: { en: "Encryption", ko: "암호화" },
  tls_on: { en: "TLS", ko: "TLS 사용" },
  tls_off: { en: "none", ko: "없음" },
  protocol: { en: "Protocol", ko: "프로토콜" },
  protocol_value: { en: "MQTT 3.1.1 or 5", ko: "MQTT 3.1.1 또는 5" },
  username: { en: "User name", ko: "사용자 이름" },
  password: { en: "Password", ko: "비밀번호" },
  password_sheet: { en: "on your hand-out sheet", ko: "안내문에 있습니다" },
  password_here: { en: "PASSWORD", ko: "비밀번호" },
  your_kind: { en: "What sort of device is it?", ko: "어떤 종류의 기기인가요?" },
  your_device_name: { en: "Name of the device", ko: "기기 이름" },
  device_name_rule: {
    en: "Letters a–z, digits, “.”, “_” and “-”; up to 64; starts with a letter or a digit.",
    ko: "영문자, 숫자, “.”, “_”, “-”를 64자까지 쓸 수 있고 영문자나 숫자로 시작합니다.",
  },
  reading_topic: { en: "Topic for readings", ko: "값을 보내는 토픽" },
  status_topic: {
    en: "Topic for online / offline (birth and Last Will, retained)",
    ko: "online / offline 토픽 (시작 메시지와 유언, retained)",
  },
  errors_topic: { en: "Topic where the hub tells you what was wrong", ko: "허브가 오류를 알려 주는 토픽" },
  payload_example: { en: "Message (JSON, UTF-8)", ko: "메시지 (JSON, UTF-8)" },
  fields_of: { en: "Fields of “{kind}”", ko: "“{kind}” 종류의 필드" },
  field: { en: "Field", ko: "필드" },
  type: { en: "Type", ko: "형식" },
  range: { en: "Range", ko: "범위" },
  required: { en: "required", ko: "필수" },
  optional: { en: "optional", ko: "선택" },
  type_float: { en: "number", ko: "숫자" },
  type_integer: { en: "whole number", ko: "정수" },
  type_boolean: { en: "true / false", ko: "true / false" },
  type_string: { en: "text", ko: "글자" },
  schema: { en: "JSON Schema", ko: "JSON Schema" },
  shell_posix: { en: "macOS, Linux", ko: "macOS · Linux" },
  shell_windows: { en: "Windows", ko: "Windows" },
  shell_python: { en: "Python", ko: "Python" },
  copy: { en: "Copy", ko: "복사" },
  copied: { en: "Copied", ko: "복사됨" },
  copy_failed: { en: "Select and copy by hand", ko: "직접 선택해 복사해 주세요" },
  last_reading: { en: "Last reading", ko: "마지막 수신" },
  rate: { en: "Rate", ko: "수신 주기" },
  rate_each: { en: "every {age}", ko: "{age}마다" },
  rate_times: { en: "{n} a second", ko: "초당 {n}회" },
  rate_declared: { en: "usual: {rate}", ko: "보통 {rate}" },
  readings_total: { en: "Readings", ko: "받은 값" },
  rejected_total: { en: "Rejected", ko: "거부" },
  alarm: { en: "check", ko: "확인 필요" },
  values: { en: "Last values", ko: "마지막 값" },
  not_sent: { en: "not sent", ko: "보내지 않음" },

  explain_late: {
    en: "Nothing came for three times the usual interval ({rate}). Is the device on, and on the network?",
    ko: "보통 주기({rate})의 세 배 동안 값이 오지 않았습니다. 기기의 전원과 네트워크를 확인해 주세요.",
  },
  explain_offline: {
    en: "The device said goodbye (Last Will), or was silent for ten intervals. Start it again or check its network.",
    ko: "기기의 연결이 끊어졌거나(유언 메시지) 주기의 열 배 동안 값이 없었습니다. 기기를 다시 켜거나 네트워크를 확인해 주세요.",
  },
  explain_absent: {
    en: "This device is expected, but nothing came from it yet. See below how to connect it.",
    ko: "연결될 예정인 기기이지만 아직 값이 오지 않았습니다. 아래 연결 방법을 확인해 주세요.",
  },
  explain_clock_ahead: {
    en: "The clock of the device is {age} ahead. Its readings are kept at their time of arrival. Set the clock by NTP, or leave “ts” out.",
    ko: "기기의 시계가 {age} 빠릅니다. 값은 도착한 시각으로 저장됩니다. NTP로 시계를 맞추거나 “ts”를 빼고 보내 주세요.",
  },
  explain_clock_behind: {
    en: "The clock of the device is {age} behind. Its readings are kept at their time of arrival. Set the clock by NTP, or leave “ts” out.",
    ko: "기기의 시계가 {age} 느립니다. 값은 도착한 시각으로 저장됩니다. NTP로 시계를 맞추거나 “ts”를 빼고 보내 주세요.",
  },
  explain_clock: {
    en: "The clock of the device is wrong. Its readings are kept at their time of arrival. Set the clock by NTP, or leave “ts” out.",
    ko: "기기의 시계가 맞지 않습니다. 값은 도착한 시각으로 저장됩니다. NTP로 시계를 맞추거나 “ts”를 빼고 보내 주세요.",
  },
  explain_ignored: {
    en: "This kind has no such field: {names}. The rest of each reading is stored. Check the spelling.",
    ko: "이 종류에 없는 필드입니다: {names}. 나머지 값은 저장됩니다. 철자를 확인해 주세요.",
  },

  code_topic: { en: "Wrong topic", ko: "토픽 오류" },
  code_kind: { en: "Unknown kind", ko: "없는 종류" },
  code_size: { en: "Too large", ko: "크기 초과" },
  code_json: { en: "Not JSON", ko: "JSON 오류" },
  code_schema: { en: "Wrong value", ko: "값 오류" },
  show_more: { en: "Show {n} more", ko: "{n}건 더 보기" },
  payload_sent: { en: "What was sent", ko: "보낸 내용" },
  payload_cut: { en: "cut at 1,024 characters", ko: "1,024자까지만 표시" },
  payload_empty: { en: "(empty message)", ko: "(빈 메시지)" },
  missing_field: { en: "missing: {name}", ko: "빠짐: {name}" },
};

const LANGUAGES = ["ko", "en"];
let current = "en";

/** The language on show, "en" or "ko". */
export const language = () => current;

/** Choose the language: the address's `lang`, else the browser's. */
export function chooseLanguage(wanted) {
  const said = LANGUAGES.includes(wanted) ? wanted : (navigator.language || "en").slice(0, 2);
  current = LANGUAGES.includes(said) ? said : "en";
  document.documentElement.lang = current;
  return current;
}

/** The language that is not on show. */
export const otherLanguage = () => (current === "ko" ? "en" : "ko");

/** The words for `key`, with {names} replaced; an unknown key shows itself. */
export function t(key, values = {}) {
  const words = LABELS[key]?.[current] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The words of a {en, ko} label that the hub sent; `fallback` when it has none. */
export function said(label, fallback = "") {
  if (typeof label === "string") return label || fallback;
  return label?.[current] || label?.en || label?.ko || fallback;
}

/** The hub's message in the language on show: `message_ko` beside `message`. */
export function saidMessage(item) {
  return (current === "ko" && item?.message_ko) || item?.message || "";
}
