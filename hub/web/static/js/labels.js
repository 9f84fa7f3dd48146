// The words that the pages say, in the two languages of the event; those of booth and ops page alone are
// in desk_labels.js. Names of booths, kinds and fields are not here: the hub sends them
// as {en, ko}.

/** @typedef {"en" | "ko"} Language */

/** @type {Record<string, {en: string, ko: string, one?: string}>} */
const LABELS = {
  // states
  live: { en: "Live", ko: "정상" },
  late: { en: "Late", ko: "지연" },
  offline: { en: "Offline", ko: "끊김" },
  absent: { en: "Not connected", ko: "미연결" },
  empty: { en: "No device", ko: "기기 없음" },
  ok: { en: "OK", ko: "정상" },
  down: { en: "Down", ko: "연결 끊김" },
  full: { en: "Full", ko: "가득 참" },
  broken: { en: "Damaged", ko: "손상됨" },
  failing: { en: "Failing", ko: "이상" },
  away: { en: "Away", ko: "응답 없음" },
  blocked: { en: "Blocked", ko: "막힘" },
  unknown: { en: "Cannot tell", ko: "확인 불가" },
  closed: { en: "Closed", ko: "운영 시간 아님" },
  begins: {
    en: "The event begins on {starts} at {opens}; until then silence raises no alarm.",
    ko: "행사는 {starts} {opens}에 시작합니다. 그때까지 꺼진 기기는 알리지 않습니다.",
  },
  ended: { en: "The event is over", ko: "행사가 끝났습니다" },
  not_begun: { en: "The event has not begun", ko: "행사 시작 전입니다" },
  // header and health
  wall_title: { en: "Live wall", ko: "실시간 현황판" },
  broker: { en: "Broker", ko: "브로커" },
  outbox: { en: "Outbox", ko: "아웃박스" },
  store: { en: "Store", ko: "저장소" },
  hubs: { en: "Hubs", ko: "허브" },
  outbox_fill: { en: "{used} of {limit}", ko: "{limit} 중 {used}" },
  link_open: { en: "Live", ko: "실시간" },
  link_connecting: { en: "Connecting…", ko: "연결 중…" },
  link_retry: { en: "Reconnecting…", ko: "다시 연결 중…" },
  link_lost: { en: "No answer", ko: "응답 없음" },
  link_hint: { en: "Connection of this page to the hub", ko: "이 화면과 허브의 연결" },
  language_switch: { en: "한국어", ko: "English" },
  language_hint: { en: "한국어로 보기", ko: "Show in English" },
  boards: { en: "Boards", ko: "보드" },
  domains: { en: "Domains", ko: "분야" },
  overview: { en: "Overview", ko: "현황" },
  // banners
  banner_failing: { en: "The hub has a problem: {parts}", ko: "{parts} 이상 · 측정값을 받지 못하고 있습니다" },
  banner_part: { en: "{part}: {state}", ko: "{part} {state}" },
  banner_lost: {
    en: "The hub does not answer. These are the values of {time}.",
    ko: "허브가 응답하지 않습니다. {time} 기준 값을 표시하고 있습니다.",
  },
  banner_lost_hint: {
    en: "The page reconnects by itself. Messages with QoS 1 or 2 are not lost.",
    ko: "자동으로 다시 연결하고 있습니다. QoS 1·2로 보낸 값은 사라지지 않습니다.",
  },
  banner_cut: {
    en: "The live connection is broken. These are the values of {time}.",
    ko: "실시간 연결이 끊겼습니다. {time} 기준 값을 표시하고 있습니다.",
  },
  banner_never: { en: "The hub does not answer yet", ko: "아직 허브가 응답하지 않습니다" },
  banner_denied: { en: "This page needs its link", ko: "전용 링크로 열어 주세요" },
  banner_denied_hint: {
    en: "Open it with the link you were given; the operations desk can give you a new one.",
    ko: "안내받은 링크로 다시 열어 주세요. 링크가 없으면 운영 데스크에 문의하세요.",
  },
  help: { en: "Help by symptom", ko: "도움말: 증상으로 찾기" },
  loading: { en: "Loading…", ko: "불러오는 중…" },
  // accounts
  accounts: { en: "Messages", ko: "메시지 집계" },
  received: { en: "received", ko: "수신" },
  accepted: { en: "accepted", ko: "수락" },
  rejected: { en: "rejected", ko: "거부" },
  duplicate: { en: "duplicate", ko: "중복" },
  ignored: { en: "ignored", ko: "무시" },
  readings: { en: "readings", ko: "측정값" },
  stored: { en: "stored", ko: "저장" },
  merged: { en: "merged", ko: "병합" },
  waiting: { en: "waiting", ko: "대기" },
  refused: { en: "refused", ko: "저장 실패" },
  accounts_off: { en: "do not balance", ko: "맞지 않음" },
  // overview
  closed_now: {
    en: "Closed. Open {opens}–{closes}; silent devices raise no alarm until then.",
    ko: "운영 시간이 아닙니다({opens}~{closes}). 그때까지 꺼진 기기는 알리지 않습니다.",
  },
  all_well: { en: "All devices are well", ko: "모든 기기가 정상입니다" },
  attention_count: { en: "{n} need attention", ko: "확인 필요 {n}건" },
  attention_one: { en: "1 needs attention", ko: "확인 필요 1건" },
  attention: { en: "Needs attention", ko: "확인 필요" },
  attention_none: { en: "Nothing needs attention", ko: "확인할 사항이 없습니다" },
  attention_more: { en: "{n} more", ko: "그 외 {n}건" },
  attention_more_plan: { en: "{n} more, in colour on the plan", ko: "그 외 {n}건 · 배치도에 색으로 표시" },
  values_lane: { en: "Values of exhibits", ko: "전시 값" },
  deaf_title: { en: "The hub receives nothing", ko: "측정값을 받지 못하고 있습니다" },
  deaf_hint: {
    en: "The organiser's fault; states as last heard",
    ko: "운영 측 문제(마지막 상태 표시)",
  },
  device_offline: { en: "{kind} offline", ko: "{kind} 연결 끊김" },
  device_late: { en: "{kind} late", ko: "{kind} 수신 지연" },
  device_stray: { en: "{kind} not registered", ko: "{kind} 미등록" },
  devices_offline: { one: "1 device offline", en: "{n} devices offline", ko: "기기 {n}대 연결 끊김" },
  devices_late: { one: "1 device late", en: "{n} devices late", ko: "기기 {n}대 수신 지연" },
  booths_offline: { en: "{n} booths offline", ko: "부스 {n}곳 연결 끊김" },
  booths_late: { en: "{n} booths late", ko: "부스 {n}곳 수신 지연" },
  devices_absent: { en: "{n} not connected", ko: "기기 {n}대 미연결" },
  devices_stray: { one: "1 device not registered", en: "{n} devices not registered", ko: "미등록 기기 {n}대" },
  devices_n: { one: "1 device", en: "{n} devices", ko: "{n}대" },
  offline_n: { en: "{n} offline", ko: "{n}대 끊김" },
  late_n: { en: "{n} late", ko: "{n}대 지연" },
  booths_more: { one: "and 1 more booth", en: "and {n} more booths", ko: "외 {n}개 부스" },
  cause_other: { en: "Other causes", ko: "그 밖의 원인" },
  cause_missing: { en: "{field} is missing", ko: "{field} 빠짐" },
  cause_above: { en: "{field} above its maximum", ko: "{field} 최댓값 초과" },
  cause_below: { en: "{field} below its minimum", ko: "{field} 최솟값 미만" },
  cause_choice: { en: "{field} is none of its words", ko: "{field} 정해진 값 아님" },
  cause_number: { en: "{field} is not a number", ko: "{field} 숫자 아님" },
  cause_type: { en: "{field} of the wrong type", ko: "{field} 형식 오류" },
  cause_text: { en: "{field} text not allowed", ko: "{field} 글자 오류" },
  cause_time: { en: "Wrong time (ts)", ko: "시각(ts) 오류" },
  cause_status: { en: "Wrong status", ko: "상태 메시지 오류" },
  devices: { en: "Devices", ko: "기기" },
  devices_live: { en: "Devices live", ko: "정상 기기" },
  per_second: { en: "Readings /s", ko: "초당 수신" },
  rejections_recent: { en: "Rejected, 10 min", ko: "최근 10분 거부" },
  unit_devices: { en: "", ko: "대" },
  unit_messages: { en: "", ko: "건" },
  floor_plan: { en: "Floor plan", ko: "배치도" },
  floor_none: { en: "No booth has a place in the zone file", ko: "배치가 등록된 부스가 없습니다" },
  not_on_plan: { en: "Not on the plan", ko: "배치도에 없음" },
  strays_more: { en: "and {n} more", ko: "그 외 {n}곳" },
  domain_none: { en: "No devices", ko: "기기 없음" },
  since: { en: "for {age}", ko: "{age}째" },
  ago: { en: "{age} ago", ko: "{age} 전" },
  now: { en: "now", ko: "방금" },
  never: { en: "never", ko: "없음" },
  normal_band: { en: "normal {band}", ko: "정상 범위 {band}" },
  at_most: { en: "up to {high}", ko: "{high} 이하" },
  at_least: { en: "from {low}", ko: "{low} 이상" },
  times: { en: "{n}×", ko: "{n}회" },
  unknown_device: { en: "unknown device", ko: "알 수 없는 기기" },
  // warnings
  warn_clock: { en: "Clock", ko: "시계" },
  warn_clock_ahead: { en: "Clock {age} ahead", ko: "시계가 {age} 빠름" },
  warn_clock_behind: { en: "Clock {age} behind", ko: "시계가 {age} 느림" },
  warn_ignored: { en: "Ignored fields: {names}", ko: "무시된 필드: {names}" },
  warn_same_ts: { en: "Several readings with one ts", ko: "ts가 같은 값이 여러 개" },
  warn_backlog: { en: "Sends older readings", ko: "밀린 값을 보내는 중" },
  warn_out_of_range: { en: "Left out: {what}", ko: "제외된 값: {what}" },
  warn_padding: { en: "Padding: {what}", ko: "불필요한 바이트: {what}" },
  warn_ts: { en: "ts: {what}", ko: "ts: {what}" },
  warn_duplicate_key: { en: "Twice: {what}", ko: "중복 이름: {what}" },
  warn_position: { en: "No position: {what}", ko: "위치 없음: {what}" },
  warn_unit: { en: "Unit: {what}", ko: "단위: {what}" },
  warn_spelling: { en: "Spelling: {what}", ko: "철자: {what}" },
  warn_hint: { en: "Check: {what}", ko: "확인: {what}" },
  stray: { en: "Stray", ko: "미등록" },
  // cards
  // nothing connected yet
  start_title: { en: "Waiting for the first device", ko: "첫 기기를 기다리고 있습니다" },
  start_how: { en: "Connect a device", ko: "기기를 연결해 보세요" },
  start_text: {
    en: "Publish a reading to this broker and it appears here within a second.",
    ko: "아래 브로커로 값을 보내면 1초 안에 여기에 나타납니다.",
  },
  start_topic: { en: "Topic", ko: "토픽" },
  start_address: { en: "MQTT address", ko: "MQTT 주소" },
  start_try: { en: "Try it", ko: "시험 전송" },
  // exhibitor's page
  host: { en: "Host", ko: "호스트" },
  port: { en: "Port", ko: "포트" },
  username: { en: "User name", ko: "사용자 이름" },
  device_name_rule: {
    en: "Letters a–z, digits, “.”, “_” and “-”; up to 64; starts with a letter or a digit.",
    ko: "영문자, 숫자, “.”, “_”, “-”를 64자까지 쓸 수 있고 영문자나 숫자로 시작합니다.",
  },
  field: { en: "Field", ko: "필드" },
  type: { en: "Type", ko: "형식" },
  range: { en: "Range", ko: "범위" },
  schema: { en: "JSON Schema", ko: "JSON Schema" },
  rate: { en: "Rate", ko: "수신 주기" },
  rate_each: { en: "every {age}", ko: "{age}마다" },
  rate_times: { en: "{n} a second", ko: "초당 {n}회" },
  alarm: { en: "check", ko: "확인 필요" },
  quota_attention: { en: "Above its quota", ko: "한도 초과" },
  quota_attention_detail: {
    en: "QoS 0 is dropped, the rest is stored late",
    ko: "QoS 0은 버리고, 나머지는 늦게 저장합니다",
  },
  replay: { en: "REPLAY · 재생", ko: "REPLAY · 재생" },
  replay_short: { en: "REPLAY", ko: "재생" },
  replay_play: { en: "Play", ko: "재생" },
  replay_pause: { en: "Pause", ko: "일시정지" },
  replay_step: { en: "One message", ko: "메시지 하나" },
  replay_slower: { en: "Half as fast", ko: "절반 속도로" },
  replay_faster: { en: "Twice as fast", ko: "두 배 속도로" },
  replay_speed: { en: "×{n}", ko: "{n}배속" },
  replay_full: { en: "as fast as it goes", ko: "최고 속도" },
  replay_position: { en: "Position", ko: "재생 위치" },
  code_topic: { en: "Wrong topic", ko: "토픽 오류" },
  code_kind: { en: "Unknown kind", ko: "등록되지 않은 종류" },
  code_size: { en: "Too large", ko: "크기 초과" },
  code_json: { en: "Not JSON", ko: "JSON 오류" },
  code_schema: { en: "Wrong value", ko: "값 오류" },
  code_internal: { en: "Error in the hub", ko: "허브 내부 오류" },
  // what the wall shows to visitors
  tank_away: {
    one: "Store: {state} · readings still come in, and 1 is kept until it is back",
    en: "Store: {state} · readings still come in, and {n} are kept until it is back",
    ko: "저장소 {state} · 수신은 계속, 저장 대기 중 {n}건",
  },
  tank_drains: {
    one: "The store is back · 1 reading still to be stored",
    en: "The store is back · {n} readings still to be stored",
    ko: "저장소 복구 · 저장 대기 중 {n}건",
  },
  tank_done: { en: "The store is back · all is stored", ko: "저장소 복구 · 모두 저장했습니다" },
  tank_sum: {
    en: "received {arrived} = stored {stored} + waiting {waiting}",
    ko: "받은 {arrived}건 = 저장 {stored}건 + 대기 {waiting}건",
  },
  tank_closed: {
    en: "received {arrived} = stored {stored} · lost {lost}",
    ko: "받은 {arrived}건 = 저장 {stored}건 · 유실 {lost}건",
  },
  tank_closed_refused: {
    en: "received {arrived} = stored {stored} + refused by the store {refused} · lost {lost}",
    ko: "받은 {arrived}건 = 저장 {stored}건 + 저장 실패 {refused}건 · 유실 {lost}건",
  },
  plug_pull: { en: "Pull the store's plug", ko: "저장소 전원 뽑기" },
  plug_hint: {
    en: "The store is away for a minute. The readings wait in the outbox, and none is lost.",
    ko: "저장소가 1분간 멈춥니다. 측정값은 아웃박스에 보관되며 유실되지 않습니다.",
  },
  rewind_play: { en: "⟲ 60 s", ko: "⟲ 60초" },
  rewind_hint: {
    en: "Play the last minute again, on this screen only (R)",
    ko: "최근 1분을 이 화면에서 다시 보기(R)",
  },
  day_play: { en: "Day in 30 s", ko: "하루를 30초로" },
  day_hint: { en: "Play today again in half a minute (D)", ko: "오늘 하루를 30초로 다시 보기(D)" },
  tap_invites: { en: "Your phone on this wall", ko: "내 휴대폰을 현황판에" },
  tap_title: { en: "Send a reading", ko: "측정값 보내기" },
  tap_text: {
    en: "One tap sends one reading. Look at the wall.",
    ko: "한 번 누르면 측정값 하나를 보냅니다. 현황판을 보세요.",
  },
  tap_button: { en: "Tap", ko: "누르기" },
  tap_sends: { en: "Sending…", ko: "보내는 중…" },
  tap_receipt: {
    en: "Kept safely after {n} s, with the time {time}",
    ko: "{n}초 만에 안전하게 저장됨 · 시각 {time}",
  },
  tap_failed: { en: "It was not sent: {reason}", ko: "보내지 못했습니다: {reason}" },
  tap_much: { en: "A little slower, please: again in {n} s", ko: "조금 천천히 눌러 주세요. {n}초 뒤에 다시" },
  plug_back: { en: "Put it back ({n} s)", ko: "다시 꽂기({n}초)" },
  // what the ops staff does
  mute: { en: "Mute", ko: "음소거" },
  mute_title: { en: "Mute this alarm", ko: "이 알림 음소거" },
  mute_hint: {
    en: "It stays in the list in grey, with your name, and is not counted. Other alarms show as before.",
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
  muted_until: { en: "Muted: {who}", ko: "음소거됨: {who}" },
  all_well_muted: { en: "Well, but for {n} muted", ko: "음소거한 {n}건 외에는 정상입니다" },
  ops_title: { en: "Operations", ko: "운영" },
  done: { en: "Done", ko: "완료" },
  cancel: { en: "Cancel", ko: "취소" },
};

/**
 * Add the words of one page to the table.
 * @param {typeof LABELS} more
 */
export const addLabels = (more) => Object.assign(LABELS, more);

/**
 * @param {string} name
 * @returns {name is Language}
 */
const isSpoken = (name) => name === "en" || name === "ko";
/** @type {Language} */
let current = "en";

/** The language on show, "en" or "ko". */
export const language = () => current;

/**
 * The languages that an address asks for, as in `?lang=ko,en`; none that the pages do not speak.
 * @param {string | null} wanted
 * @returns {Language[]}
 */
export const languagesOf = (wanted) => (wanted ?? "").split(",").filter(isSpoken);

/**
 * Choose the language: the address's `lang`, else the event's first, else the browser's.
 * @param {string | null} wanted
 * @param {string[]} [event]
 */
export function chooseLanguage(wanted, event = []) {
  const browser = (navigator.language || "en").slice(0, 2);
  current = [...languagesOf(wanted), ...event, browser].find(isSpoken) ?? "en";
  document.documentElement.lang = current;
  return current;
}

/** The language that is not on show. */
export const otherLanguage = () => (current === "ko" ? "en" : "ko");

/**
 * The words for `key`, with {names} replaced, `one` of them where {n} is 1; an unknown key shows itself.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const label = LABELS[key];
  const singular = current === "en" && String(values.n) === "1" ? label?.one : undefined;
  const words = singular ?? label?.[current] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * The words of a {en, ko} label that the hub sent; `fallback` when it has none.
 * @param {Label | string | null | undefined} label
 */
export function said(label, fallback = "") {
  if (typeof label === "string") return label || fallback;
  return label?.[current] || label?.en || label?.ko || fallback;
}

/**
 * A warning of `device` in the language on show: by the words for its code, else as the hub says it.
 * @param {{warnings?: string[], warnings_ko?: string[]}} device
 * @param {string} warning
 * @param {string} where
 */
export function saidWarning(device, warning, where) {
  const shown = (current === "ko" && device.warnings_ko?.[(device.warnings ?? []).indexOf(warning)]) || warning;
  const [code, ...rest] = shown.split(":");
  const what = rest.join(":").trim();
  const key = [`${where}_${code}`, `warn_${code}`].find((name) => name in LABELS);
  return key ? t(key, { what }) : shown;
}

/**
 * The likely cause of a wrong clock, in the language on show.
 * @param {{clock_guess?: string, clock_guess_ko?: string}} device
 */
export const saidGuess = (device) => (current === "ko" ? device.clock_guess_ko : device.clock_guess) || "";

/**
 * The hub's message in the language on show: `message_ko` beside `message`.
 * @param {{message?: string, message_ko?: string} | null | undefined} item
 */
export function saidMessage(item) {
  return (current === "ko" && item?.message_ko) || item?.message || "";
}
