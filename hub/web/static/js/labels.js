// Every word that the pages say, in the two languages of the event: one table.
// Names of booths, kinds and fields are not here: the hub sends them as {en, ko}.

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
  stored: { en: "stored", ko: "저장" },
  merged: { en: "merged", ko: "병합" },
  waiting: { en: "waiting", ko: "대기" },
  refused: { en: "refused", ko: "저장 실패" },
  accounts_off: { en: "do not balance", ko: "맞지 않음" },

  // dialects
  dialects: { en: "Tasmota, Shelly, zigbee2mqtt… as they are", ko: "Tasmota, Shelly, zigbee2mqtt 그대로 연결" },
  dialects_about: {
    en: "These devices need no program. Set the values below in the device's own menu, and the hub reads what it says.",
    ko: "프로그램을 만들 필요가 없습니다. 기기 설정에 아래 값을 넣으면 기기가 보내는 그대로 읽습니다.",
  },
  dialects_broker: {
    en: "Host, port, user name and password",
    ko: "호스트, 포트, 사용자 이름, 비밀번호",
  },
  dialects_where: { en: "as for any device: see “Connect a device” below", ko: "아래 “기기 연결하기”에 있는 값 그대로" },
  dialect_choose: { en: "My device speaks", ko: "기기 종류" },
  dialect_sample: { en: "Then it publishes messages like this", ko: "그러면 기기가 이런 메시지를 보냅니다" },
  dialect_account: { en: "(from the sheet)", ko: "(안내지 참조)" },
  dialect_heard: { en: "Heard so far", ko: "받은 메시지" },
  dialect_place: { en: "In the message", ko: "메시지의 값" },
  dialect_value: { en: "Value", ko: "받은 값" },
  dialect_became: { en: "Became", ko: "저장한 필드" },
  dialect_unused: { en: "not used", ko: "쓰지 않음" },
  dialect_nothing: { en: "nothing of it is used", ko: "쓰는 값이 없습니다" },
  dialect_online: { en: "online", ko: "연결됨" },
  dialect_offline: { en: "offline", ko: "연결 끊김" },

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
  values_lane: { en: "Values of exhibits", ko: "전시 값" },
  deaf_title: { en: "The hub receives nothing", ko: "측정값을 받지 못하고 있습니다" },
  deaf_hint: { en: "States are as last heard; the fault is the organiser's", ko: "마지막 상태를 표시합니다. 운영 측 문제입니다" },
  device_offline: { en: "{kind} offline", ko: "{kind} 연결 끊김" },
  device_late: { en: "{kind} late", ko: "{kind} 수신 지연" },
  device_stray: { en: "{kind} not registered", ko: "{kind} 미등록" },
  devices_offline: { one: "1 device offline", en: "{n} devices offline", ko: "기기 {n}대 연결 끊김" },
  devices_late: { one: "1 device late", en: "{n} devices late", ko: "기기 {n}대 수신 지연" },
  devices_absent: { en: "{n} not connected", ko: "기기 {n}대 미연결" },
  devices_stray: { one: "1 device not registered", en: "{n} devices not registered", ko: "미등록 기기 {n}대" },
  devices_more: { one: "1 more device", en: "{n} more devices", ko: "그 외 {n}대" },
  spread: { en: "most {from} to {to}", ko: "대부분 {from}~{to}" },
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
  board_rate: { one: "1 reading a second", en: "{n} readings a second", ko: "초당 {n}건 수신" },
  per_second: { en: "Readings /s", ko: "초당 수신" },
  rejections_recent: { en: "Rejected, last 10 min", ko: "최근 10분 거부" },
  floor_plan: { en: "Floor plan", ko: "배치도" },
  floor_none: { en: "No booth has a place in the zone file", ko: "배치가 등록된 부스가 없습니다" },
  not_on_plan: { en: "Not on the plan", ko: "배치도에 없음" },
  strays_more: { en: "and {n} more", ko: "그 외 {n}곳" },
  domain_none: { en: "No devices", ko: "기기 없음" },
  since: { en: "for {age}", ko: "{age}째" },
  ago: { en: "{age} ago", ko: "{age} 전" },
  now: { en: "now", ko: "방금" },
  last_heard: { en: "last heard {age} ago", ko: "마지막 수신 {age} 전" },
  never: { en: "never", ko: "없음" },
  chart_label: { en: "{field}: chart of the last 5 minutes", ko: "{field} 최근 5분 그래프" },
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
  no_news: { en: "no news for {age}", ko: "{age}째 새 소식 없음" },

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
  start_try: { en: "Try it", ko: "시험 전송" },

  // exhibitor's page
  booth_title: { en: "Booth {id}", ko: "부스 {id}" },
  booth_all_live: { en: "All {n} devices are sending", ko: "기기 {n}대가 모두 값을 보내고 있습니다" },
  booth_but_rejected: {
    one: "Readings arrive, but 1 was rejected in the last 5 minutes",
    en: "Readings arrive, but {n} were rejected in the last 5 minutes",
    ko: "값은 오지만 최근 5분에 {n}건이 거부되었습니다",
  },
  jumps: { en: "On this page", ko: "이 페이지에서" },
  booth_one_live: { en: "Your device is sending", ko: "기기가 값을 보내고 있습니다" },
  booth_some_live: {
    en: "{live} of {n} devices are sending",
    ko: "기기 {n}대 중 {live}대가 값을 보내고 있습니다",
  },
  booth_no_reading: { en: "Connected; no reading yet", ko: "연결되었지만 아직 받은 값이 없습니다" },
  booth_none_live: { en: "No device is sending now", ko: "지금 값을 보내는 기기가 없습니다" },
  booth_waiting: { en: "Waiting for your first device", ko: "첫 기기를 기다리고 있습니다" },
  booth_unknown: { en: "There is no booth “{id}”", ko: "“{id}” 부스를 찾을 수 없습니다" },
  booth_unknown_text: {
    en: "Check the address: the booth's id is on your hand-out sheet. Messages sent under this id still show up here.",
    ko: "주소를 확인해 주세요. 부스 번호는 안내문에 있습니다. 이 번호로 보낸 메시지가 있으면 아래에 그대로 나타납니다.",
  },
  booth_missing: { en: "{n} more expected", ko: "아직 {n}대가 더 연결되어야 합니다" },
  your_devices: { en: "Your devices", ko: "우리 부스의 기기" },
  your_rejections: { en: "Rejected messages", ko: "거부된 메시지" },
  connect: { en: "Connect a device", ko: "기기 연결하기" },
  connect_step_broker: { en: "Connect to the broker", ko: "브로커에 연결하기" },
  connect_step_topic: { en: "Publish to your topic", ko: "우리 기기의 토픽으로 보내기" },
  connect_step_try: { en: "Check a message before you send it", ko: "보내기 전에 메시지 확인하기" },
  connect_step_program: { en: "A program to start from", ko: "예제 프로그램으로 시작하기" },
  host: { en: "Host", ko: "호스트" },
  port: { en: "Port", ko: "포트" },
  encryption: { en: "Encryption", ko: "암호화" },
  tls_on: { en: "TLS", ko: "TLS 사용" },
  tls_off: { en: "none", ko: "없음" },
  address_tls: { en: "Also, with TLS", ko: "다른 주소 (TLS)" },
  address_plain: { en: "For devices without TLS", ko: "TLS를 못 쓰는 기기" },
  address_web: { en: "For browsers (WebSockets)", ko: "브라우저용 (WebSockets)" },
  take_home: { en: "Take your readings home", ko: "측정값 내려받기" },
  take_home_about: {
    en: "Today's readings, with names, units and the event's time.",
    ko: "오늘의 측정값입니다. 이름과 단위, 행사 시각이 함께 들어 있습니다.",
  },
  take_home_all: { en: "Everything (Excel)", ko: "전체 (Excel)" },
  certificate: { en: "Certificate", ko: "인증서" },
  certificate_get: { en: "Download {name}", ko: "{name} 내려받기" },
  protocol: { en: "Protocol", ko: "프로토콜" },
  protocol_value: { en: "MQTT 3.1.1 or 5", ko: "MQTT 3.1.1 또는 5" },
  username: { en: "User name", ko: "사용자 이름" },
  password: { en: "Password", ko: "비밀번호" },
  password_sheet: { en: "on your hand-out sheet", ko: "안내문에 있습니다" },
  your_kind: { en: "What sort of device is it?", ko: "어떤 종류의 기기인가요?" },
  your_device_name: { en: "Name of the device", ko: "기기 이름" },
  device_name_rule: {
    en: "Letters a–z, digits, “.”, “_” and “-”; up to 64; starts with a letter or a digit.",
    ko: "영문자, 숫자, “.”, “_”, “-”를 64자까지 쓸 수 있고 영문자나 숫자로 시작합니다.",
  },
  reading_topic: { en: "Topic for readings", ko: "값을 보내는 토픽" },
  status_topic: {
    en: "Topic for online / offline (birth and Last Will, retained)",
    ko: "online / offline 토픽 (birth 메시지와 Last Will, retained)",
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
    ko: "평소 주기({rate})의 3배가 지나도록 값이 오지 않았습니다. 기기의 전원과 네트워크를 확인해 주세요.",
  },
  explain_offline: {
    en: "The device said goodbye (Last Will), or was silent for ten intervals. Start it again or check its network.",
    ko: "기기의 연결이 끊어졌거나(Last Will) 평소 주기의 10배가 지나도록 값이 없었습니다. 기기를 다시 켜거나 네트워크를 확인해 주세요.",
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
  explain_clock_past: {
    en: "The clock of the device is {age} behind, so its readings are stored in the past and boards do not show them as of now. Set the clock by NTP, or leave “ts” out.",
    ko: "기기의 시계가 {age} 느려서 값이 과거 시각으로 저장되고 보드의 현재 구간에 나타나지 않습니다. NTP로 시계를 맞추거나 “ts”를 빼고 보내 주세요.",
  },
  explain_clock: {
    en: "The clock of the device is wrong. Its readings are kept at their time of arrival. Set the clock by NTP, or leave “ts” out.",
    ko: "기기의 시계가 맞지 않습니다. 값은 도착한 시각으로 저장됩니다. NTP로 시계를 맞추거나 “ts”를 빼고 보내 주세요.",
  },
  explain_same_ts: {
    en: "Several readings came with the same “ts”: the later ones overwrite the earlier. Send “ts” with fractions of a second, or leave it out.",
    ko: "“ts”가 같은 값이 여러 개 왔습니다. 나중 값이 앞의 값을 덮어씁니다. “ts”를 소수점 아래 초까지 보내거나 빼고 보내 주세요.",
  },
  explain_backlog: {
    en: "The device sends readings from before. They are stored at their own time; the values of now stay.",
    ko: "기기가 밀린 값을 보내고 있습니다. 각 시각에 저장되며 현재 값은 바뀌지 않습니다.",
  },
  explain_out_of_range: {
    en: "Left out, the rest of the reading is stored: {what}.",
    ko: "다음 값만 빼고 나머지는 저장했습니다: {what}.",
  },
  explain_stray: {
    en: "This device is not in the plan and has sent nothing that could be accepted. It goes by itself ten minutes after its last message.",
    ko: "등록되지 않은 기기이며 받아들여진 값이 없습니다. 마지막 메시지에서 10분이 지나면 저절로 사라집니다.",
  },
  explain_ignored: {
    en: "This kind has no such field: {names}. The rest of each reading is stored. Check the spelling.",
    ko: "이 종류에 없는 필드입니다: {names}. 나머지 값은 저장됩니다. 철자를 확인해 주세요.",
  },

  checklist: { en: "How far you are", ko: "연결 진행 상황" },
  check_connected: { en: "Connected", ko: "연결" },
  check_topic: { en: "Right topic", ko: "올바른 토픽" },
  check_json: { en: "Valid JSON", ko: "올바른 JSON" },
  check_reading: { en: "First reading", ko: "첫 값 수신" },
  check_steady: { en: "Steady", ko: "안정적 수신" },
  check_state_done: { en: "done", ko: "완료" },
  check_state_wrong: { en: "not right yet", ko: "수정 필요" },
  check_state_next: { en: "next", ko: "진행 중" },
  check_state_later: { en: "later", ko: "대기" },
  check_hint_connected: {
    en: "Nothing was heard from your booth yet. Connect a device to {address} and send one message.",
    ko: "아직 우리 부스에서 받은 메시지가 없습니다. 기기를 {address}에 연결하고 메시지를 하나 보내 주세요.",
  },
  check_hint_topic: {
    en: "Your device is connected. Now publish a reading to your topic, as shown below.",
    ko: "기기가 연결되었습니다. 이제 아래에 나온 토픽으로 값을 보내 주세요.",
  },
  check_hint_prefix: {
    en: "Nothing comes although your device is connected? Check that the topic starts with “{prefix}”: the broker drops everything else without a word (MQTT 3.1.1).",
    ko: "기기가 연결되었는데도 값이 보이지 않나요? 토픽이 “{prefix}”로 시작하는지 확인해 주세요. 다른 토픽으로 보낸 메시지는 알림 없이 버려집니다(MQTT 3.1.1).",
  },
  check_hint_json: { en: "Send the reading as a JSON object.", ko: "값을 JSON 객체로 보내 주세요." },
  check_hint_reading: { en: "Send a reading with the kind's fields.", ko: "종류에 맞는 필드로 값을 보내 주세요." },
  check_hint_steady: {
    en: "Readings arrive. Keep sending: this turns green after {age}.",
    ko: "값을 받고 있습니다. 계속 보내 주세요. {age} 동안 이어지면 완료됩니다.",
  },
  check_hint_silent: {
    en: "Nothing comes from {device} any more. Is it on, and on the network?",
    ko: "{device}에서 더 이상 값이 오지 않습니다. 기기의 전원과 네트워크를 확인해 주세요.",
  },
  check_all_done: {
    en: "Everything works. Your readings arrive steadily.",
    ko: "모두 완료되었습니다. 값을 안정적으로 받고 있습니다.",
  },
  check_but: {
    en: "Readings arrive steadily. See below what else needs your attention.",
    ko: "값을 안정적으로 받고 있습니다. 아래에서 확인이 필요한 내용을 살펴봐 주세요.",
  },

  notice_not_taking: {
    en: "The event's hub cannot take readings at the moment. Your device need not do anything: the operations team sees it.",
    ko: "지금 행사 허브가 값을 받지 못하고 있습니다. 기기는 그대로 두셔도 됩니다. 운영팀에 알림이 전달됩니다.",
  },
  notice_unplanned: {
    en: "This booth is not in the organisers' zone file, so it has no place on the plan. Its readings are kept and shown all the same; tell the operations desk.",
    ko: "운영 측의 존 파일에 없는 부스라 배치도에 자리가 없습니다. 보낸 값은 그대로 저장되고 표시됩니다. 운영 데스크에 알려 주세요.",
  },
  notice_disabled: {
    en: "Your booth's accounts are switched off, so devices cannot connect. Please ask the operations desk.",
    ko: "우리 부스의 계정이 사용 중지되어 기기가 연결할 수 없습니다. 운영 데스크에 문의해 주세요.",
  },
  quota_attention: { en: "Above its quota", ko: "한도 초과" },
  quota_attention_detail: {
    en: "QoS 0 is dropped, the rest is stored late",
    ko: "QoS 0은 버리고, 나머지는 늦게 저장합니다",
  },
  quota_over: { en: "Your booth sends more than its share.", ko: "우리 부스에서 한도보다 많은 값을 보내고 있습니다." },
  quota_was_over: {
    en: "Your booth sent more than its share for a while.",
    ko: "우리 부스에서 한때 한도보다 많은 값을 보냈습니다.",
  },
  quota_dropped: { one: "1 QoS 0 message was dropped.", en: "{n} QoS 0 messages were dropped.", ko: "QoS 0 메시지 {n}건이 버려졌습니다." },
  quota_delayed: {
    one: "1 QoS 1 or 2 reading was delayed; it is not lost.",
    en: "{n} QoS 1 and 2 readings were delayed; they are not lost.",
    ko: "QoS 1·2 값 {n}건이 늦게 저장됩니다. 사라지지는 않습니다.",
  },
  quota_counted: {
    one: "1 rejected message was only counted, not kept.",
    en: "{n} rejected messages were only counted, not kept.",
    ko: "거부된 메시지 {n}건은 건수만 세고 내용은 보관하지 않았습니다.",
  },
  quota_hint: {
    en: "Send less often, or ask the operations desk.",
    ko: "보내는 간격을 늘리거나 운영 데스크에 문의해 주세요.",
  },
  too_many_devices: {
    en: "Your booth uses more device names than are shown here. Every reading is stored. Does a device change its name?",
    ko: "우리 부스의 기기 이름이 너무 많아 일부는 표시하지 않습니다. 측정값은 모두 저장됩니다. 이름이 계속 바뀌는 기기가 있는지 확인해 주세요.",
  },
  connected_since: { en: "Connected since {time}.", ko: "{time}부터 연결되어 있습니다." },
  refused_once: { en: "Once, at {time}.", ko: "{time}에 한 번." },
  refused_times: { en: "{n} times, the last at {time}.", ko: "{n}번, 마지막은 {time}." },
  notice_unanswered: {
    one: "1 receipt was asked for where none may go, by {device}: {reason}",
    en: "{n} receipts were asked for where none may go, the newest by {device}: {reason}",
    ko: "보낼 수 없는 곳으로 요청된 접수증이 {n}건 있습니다. 최근 기기 {device}: {reason}",
  },
  replay: { en: "REPLAY · 재생", ko: "REPLAY · 재생" },
  replay_short: { en: "REPLAY", ko: "재생" },
  replay_hint: {
    en: "These values are played from a recording, not measured now.",
    ko: "지금 측정한 값이 아니라 녹화된 값을 재생하고 있습니다.",
  },
  replay_play: { en: "Play", ko: "재생" },
  replay_pause: { en: "Pause", ko: "일시정지" },
  replay_step: { en: "One message", ko: "메시지 하나" },
  replay_slower: { en: "Half as fast", ko: "절반 속도로" },
  replay_faster: { en: "Twice as fast", ko: "두 배 속도로" },
  replay_speed: { en: "×{n}", ko: "{n}배속" },
  replay_full: { en: "as fast as it goes", ko: "최고 속도" },
  replay_position: { en: "Position", ko: "재생 위치" },

  try_about: {
    en: "Paste what your device sends. The hub checks it exactly as it would a reading; nothing is stored.",
    ko: "기기가 보내는 내용을 붙여 넣어 주세요. 실제 값과 똑같이 검사하며 저장되지 않습니다.",
  },
  try_check: { en: "Check", ko: "확인하기" },
  try_reset: { en: "Use the example", ko: "예제 넣기" },
  try_accepted: { en: "This message would be accepted.", ko: "그대로 보내도 되는 메시지입니다." },
  try_busy: {
    en: "Too many checks in a short time. Try again in a moment.",
    ko: "짧은 시간에 너무 많이 확인했습니다. 잠시 후 다시 시도해 주세요.",
  },
  try_failed: { en: "It could not be checked: {reason}", ko: "확인하지 못했습니다: {reason}" },
  declared: { en: "What the kind declares", ko: "이 종류에 정해진 형식" },

  code_topic: { en: "Wrong topic", ko: "토픽 오류" },
  code_kind: { en: "Unknown kind", ko: "등록되지 않은 종류" },
  code_size: { en: "Too large", ko: "크기 초과" },
  code_json: { en: "Not JSON", ko: "JSON 오류" },
  code_schema: { en: "Wrong value", ko: "값 오류" },
  code_internal: { en: "Error in the hub", ko: "허브 내부 오류" },
  show_more: { en: "Show {n} more", ko: "{n}건 더 보기" },
  payload_sent: { en: "What was sent", ko: "보낸 내용" },
  payload_cut: { en: "cut at 1,024 characters", ko: "1,024자까지만 표시" },
  payload_empty: { en: "(empty message)", ko: "(빈 메시지)" },
  missing_field: { en: "missing: {name}", ko: "빠짐: {name}" },

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
  muted_none: { en: "Nothing is muted", ko: "음소거한 알림이 없습니다" },
  ops_title: { en: "Operations", ko: "운영" },
  ops_failed: { en: "The hub did not answer: {reason}", ko: "허브가 응답하지 않습니다: {reason}" },
  to_the_wall: { en: "To the wall", ko: "월 보기" },
  kinds_wanted: { en: "Kinds that booths ask for", ko: "부스에서 요청한 종류" },
  kinds_none: {
    en: "None. A booth asks for one on its page, beside a rejected message of an unknown kind.",
    ko: "없습니다. 부스 페이지에서 등록되지 않은 종류의 거부된 메시지 옆 버튼으로 요청합니다.",
  },
  wish: { en: "This is a new kind", ko: "새로운 종류입니다" },
  wish_hint: {
    en: "The organisers get a draft made of what you sent.",
    ko: "보낸 메시지로 만든 초안이 운영 측에 전달됩니다.",
  },
  wished: { en: "The organisers were asked", ko: "운영 측에 요청했습니다" },
  wish_failed: { en: "It was not asked: {reason}", ko: "요청하지 못했습니다: {reason}" },
  draft_look: { en: "Look at the draft", ko: "초안 보기" },
  draft_refuse: { en: "Refuse", ko: "거절" },
  draft_marked: {
    en: "A draft from the rejected messages. The marked cells are guesses: look at them.",
    ko: "거부된 메시지로 만든 초안입니다. 표시된 칸은 추측한 값이니 확인하세요.",
  },
  draft_left: {
    en: "Left out, for their names or what they hold: {names}",
    ko: "이름이나 값의 형식 때문에 빠진 필드: {names}",
  },
  draft_unread: {
    en: "Messages that are longer than 1,023 characters, so that only their beginning is kept, or not JSON objects: {n}. No draft is made of them, and they cannot be taken in.",
    ko: "1,023자보다 길어 앞부분만 보관되었거나 JSON 객체가 아닌 메시지: {n}건. 초안에 쓰지 않으며 나중에 받아들일 수도 없습니다.",
  },
  wish_cut: {
    en: "This message has more than 1,023 characters. The hub keeps its beginning only, so it makes no draft of it and cannot take it in later: send a shorter one once, then ask.",
    ko: "1,023자보다 긴 메시지라 허브가 앞부분만 보관합니다. 초안에 쓸 수 없고 나중에 받아들일 수도 없으니, 더 짧은 메시지를 한 번 보낸 뒤 요청하세요.",
  },
  draft_take: { en: "Take {name}", ko: "{name} 사용" },
  draft_name: { en: "Field", ko: "필드" },
  draft_en: { en: "Name in English", ko: "영문 이름" },
  draft_ko: { en: "Name in Korean", ko: "한글 이름" },
  draft_domain: { en: "Domain", ko: "분야" },
  draft_interval: { en: "Seconds between two readings", ko: "전송 간격(초)" },
  draft_events: { en: "Sends on events only", ko: "이벤트가 있을 때만 전송" },
  draft_range: { en: "Range or words", ko: "범위 또는 값" },
  draft_least: { en: "least", ko: "최솟값" },
  draft_most: { en: "most", ko: "최댓값" },
  draft_unit: { en: "Unit", ko: "단위" },
  draft_required: { en: "Required", ko: "필수" },
  draft_boolean: { en: "true or false", ko: "true 또는 false" },
  draft_string: { en: "text", ko: "문자열" },
  draft_sample: { en: "A message as it was sent", ko: "보낸 메시지 예" },
  draft_confirm: { en: "Take this kind", ko: "이 종류 등록" },
  kind_taken: { en: "{kind} is taken.", ko: "{kind} 등록 완료." },
  kind_accepted: {
    en: "{n} messages that were rejected before were taken in.",
    ko: "전에 거부된 메시지 {n}건을 받아들였습니다.",
  },
  kind_still_rejected: { en: "{n} do not fit it.", ko: "{n}건은 형식에 맞지 않습니다." },
  kind_cut: { en: "{n} are not kept whole.", ko: "{n}건은 전체가 보관되지 않았습니다." },
  kind_board: { en: "See it on the wall", ko: "월에서 보기" },
  take_home_report: { en: "Report of the day (to print)", ko: "하루 보고서(인쇄용)" },
  booths_accounts: { en: "Booths and their accounts", ko: "부스와 계정" },
  booths_none: {
    en: "No booth yet: none is in the zone file, and none has accounts.",
    ko: "아직 부스가 없습니다. 존 파일에도 없고 계정도 없습니다.",
  },
  booth_find: { en: "Find a booth", ko: "부스 찾기" },
  booth_add: { en: "Add a booth", ko: "부스 추가" },
  not_in_file: { en: "not in the zone file", ko: "존 파일에 없음" },
  no_accounts: { en: "No accounts", ko: "계정 없음" },
  accounts_n: { en: "{n} accounts", ko: "계정 {n}개", one: "1 account" },
  shut_off: { en: "shut off", ko: "차단됨" },
  sheet_blank: { en: "Sheet without passwords", ko: "비밀번호 없는 안내문" },
  order_add: { en: "Make accounts", ko: "계정 만들기" },
  order_add_title: { en: "Accounts of a booth {booth}", ko: "부스 계정 만들기 {booth}" },
  order_more: { en: "More accounts", ko: "계정 추가" },
  order_passwords: { en: "New passwords", ko: "새 비밀번호" },
  order_passwords_title: { en: "New passwords of {booth}", ko: "{booth}의 새 비밀번호" },
  order_passwords_hint: {
    en: "All of its devices are disconnected until they have the new passwords.",
    ko: "새 비밀번호를 넣을 때까지 이 부스의 기기가 모두 끊깁니다.",
  },
  order_disable: { en: "Shut off", ko: "차단" },
  order_disable_title: { en: "Shut off {booth}", ko: "{booth} 차단" },
  order_disable_hint: {
    en: "Its devices are disconnected at once and cannot come back until you let them in again.",
    ko: "이 부스의 기기가 바로 끊기고, 차단을 풀 때까지 다시 연결할 수 없습니다.",
  },
  order_enable: { en: "Let in again", ko: "차단 해제" },
  order_enable_title: { en: "Let in {booth} again", ko: "{booth} 차단 해제" },
  order_enable_hint: {
    en: "Its devices may come back, with the passwords that they had.",
    ko: "쓰던 비밀번호로 다시 연결할 수 있습니다.",
  },
  order_remove: { en: "Remove", ko: "삭제" },
  order_remove_title: { en: "Remove the accounts of {booth}", ko: "{booth}의 계정 삭제" },
  order_remove_hint: {
    en: "Accounts and link are gone, and its devices are off the wall. Its readings stay.",
    ko: "계정과 링크가 없어지고 기기는 현황판에서 사라집니다. 저장된 측정값은 남습니다.",
  },
  order_failed: { en: "It was not done: {reason}", ko: "처리하지 못했습니다: {reason}" },
  order_unanswered: {
    en: "the hub did not answer. Accounts may have been made: look at the list, and give new passwords.",
    ko: "허브가 응답하지 않았습니다. 계정이 만들어졌을 수 있으니 목록을 확인하고 새 비밀번호를 만드세요.",
  },
  booth_id: { en: "Booth id", ko: "부스 번호" },
  booth_id_hint: {
    en: "Lower-case letters, digits and -, like b12",
    ko: "영문 소문자, 숫자, -만 쓸 수 있습니다(예: b12)",
  },
  booth_name: { en: "Name in English", ko: "영문 이름" },
  booth_name_ko: { en: "Name in Korean", ko: "한글 이름" },
  booth_accounts: { en: "How many accounts", ko: "계정 수" },
  booth_devices: { en: "Devices, as kind/name", ko: "기기(종류/이름)" },
  booth_devices_hint: {
    en: "One account for each device. Both may stay empty: then it gets one account.",
    ko: "기기마다 계정이 하나씩 생깁니다. 둘 다 비워 두면 계정 하나를 만듭니다.",
  },
  booth_devices_planned: {
    en: "One account for each device. If both stay empty, the devices of the zone file count.",
    ko: "기기마다 계정이 하나씩 생깁니다. 둘 다 비워 두면 존 파일의 기기대로 만듭니다.",
  },
  admin_password: { en: "The broker's admin password", ko: "브로커 관리자 비밀번호" },
  admin_name: { en: "Its account, if not admin", ko: "관리자 이름(admin이 아닐 때)" },
  admin_hint: {
    en: "It is in HUB_BROKER_ADMIN of hub booth (admin.env). The hub uses it for this once and keeps it nowhere.",
    ko: "hub booth의 HUB_BROKER_ADMIN(admin.env)에 있습니다. 이번 요청에만 쓰고 어디에도 남기지 않습니다.",
  },
  accounts_once: {
    en: "These passwords are shown this once. Keep or print the sheet before you close this.",
    ko: "비밀번호는 지금 한 번만 보입니다. 닫기 전에 안내문을 저장하거나 인쇄하세요.",
  },
  password_stays: { en: "as it was", ko: "그대로" },
  done: { en: "Done", ko: "완료" },
  booth_page_link: { en: "Open the booth's page", ko: "부스 페이지 열기" },
  sheet_save: { en: "Save the sheet", ko: "안내문 저장" },
  sheet_print: { en: "Open the sheet to print", ko: "안내문 열어서 인쇄" },
  close: { en: "Close", ko: "닫기" },
  cancel: { en: "Cancel", ko: "취소" },
};

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
export const languagesOf = (wanted) =>
  (wanted ?? "").split(",").filter(isSpoken);

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
export const saidGuess = (device) =>
  (current === "ko" ? device.clock_guess_ko : device.clock_guess) || "";

/**
 * The hub's message in the language on show: `message_ko` beside `message`.
 * @param {{message?: string, message_ko?: string} | null | undefined} item
 */
export function saidMessage(item) {
  return (current === "ko" && item?.message_ko) || item?.message || "";
}
