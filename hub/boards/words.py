"""Texts of the boards that no kind declares, in both languages."""

from schemas import Combine, Label

OVERVIEW = Label("Overview", "현황")
HEALTH = Label("Hub health", "허브 상태")
BOOTH = Label("Booth", "부스")
DEVICE = Label("Device", "기기")
DEVICES = Label("Devices", "기기")
KIND = Label("Kind", "종류")
DOMAINS = Label("Domains", "분야")
KINDS = Label("Kinds", "기기 종류")
LANGUAGE = Label("English", "한국어")
"""Each language's own name, for the link that leads to it."""

HUB = Label("Hub", "허브")
NO_DATA = Label("No data", "데이터 없음")
READINGS = Label("readings", "측정 횟수")
REASON = Label("Reason", "사유")
LIVE_SHARE = Label("Devices live, by domain", "분야별 정상 기기 비율")
REJECTED_LATELY = Label("Rejected in 10 minutes", "최근 10분 거부")
NOW = Label("Now", "현재")
STATES = Label("States", "상태")
OVER_TIME = Label("Over time", "추이")
ACCOUNTS = Label("Accounts of messages", "메시지 집계")
OUTBOX = Label("Outbox and store", "아웃박스와 저장소")
ALARMS = Label("Alarms", "경보")
POSITION = Label("Position", "위치")
BATTERY = Label("Battery", "배터리")
OUTAGES = Label("Device offline", "기기 연결 끊김")
STATE = Label("State", "상태")
LIVE = Label("Live", "정상")
LATE = Label("Late", "지연")
OFFLINE = Label("Offline", "끊김")
RATE = Label("Readings a second", "초당 측정값")
REJECTIONS = Label("Rejections a minute", "분당 거부")
SURPLUS = Label("Above quota", "한도 초과")
LATEST = Label("Latest values", "최근 값")
DEVICES_NOW = Label("Devices and their state", "기기별 상태")
DEVICE_STATES = Label("State of each device", "기기 상태 변화")

COMBINED = {
    Combine.MEAN: Label("mean", "평균"),
    Combine.MIN: Label("lowest", "최저"),
    Combine.MAX: Label("highest", "최고"),
}
"""What the values of several devices make together."""

COUNTERS = {
    "received": Label("Received", "수신"),
    "accepted": Label("Accepted", "수락"),
    "rejected": Label("Rejected", "거부"),
    "duplicate": Label("Duplicate", "중복"),
    "ignored": Label("Ignored", "무시"),
    "stored": Label("Stored", "저장"),
    "merged": Label("Merged (same time)", "병합(같은 시각)"),
    "waiting": Label("Waiting", "대기"),
    "refused": Label("Refused by the store", "저장 실패"),
    "outbox_bytes": Label("Outbox on disk", "아웃박스 크기"),
    "lag_ms": Label("Oldest reading waiting", "가장 오래된 대기 시간"),
    "devices_live": Label("Devices live", "정상 기기"),
    "devices_late": Label("Devices late", "지연 기기"),
    "devices_offline": Label("Devices offline", "끊긴 기기"),
}
"""The fields of the hub's own rows."""

SAID = {
    "overview": Label(
        "All devices and all domains at a glance.", "모든 기기와 모든 분야를 한눈에 봅니다."
    ),
    "domain": Label("All kinds of this domain.", "이 분야의 모든 기기 종류입니다."),
    "booth": Label("Everything that one booth sends.", "한 부스가 보내는 모든 값입니다."),
    "health": Label(
        "What became of every message, and how the hub is.",
        "모든 메시지의 처리 결과와 허브의 상태입니다.",
    ),
    "rate": Label("Accepted readings a second.", "초당 수락한 측정값의 수입니다."),
    "lag": Label(
        "How long the oldest reading in the outbox has waited for the store.",
        "아웃박스에서 가장 오래 대기 중인 측정값의 대기 시간입니다.",
    ),
    "rejected_by": Label(
        "Messages that were rejected, by booth and reason.",
        "부스와 사유별로 거부된 메시지 수입니다.",
    ),
    "surplus": Label(
        "Messages above their booth's quota: dropped (QoS 0), stored after the others', or "
        "rejected and only counted.",
        "부스 한도를 넘은 메시지 수입니다. QoS 0은 버리고, 나머지는 나중에 저장합니다. "
        "거부된 메시지는 건수만 셉니다.",
    ),
    "waiting": Label(
        "Accepted readings that the store has not taken yet.",
        "수락했지만 저장소에 아직 저장되지 않은 측정값의 수입니다.",
    ),
    "pace": Label(
        "Accepted readings a second, accepted readings that the store has not taken yet, and "
        "messages a minute that were not accepted.",
        "초당 수락한 측정값, 아직 저장되지 않은 측정값, 분당 거부한 메시지의 수입니다.",
    ),
    "live_share": Label(
        "How many in a hundred devices of each domain send as they should.",
        "분야마다 정상적으로 보내는 기기의 비율입니다.",
    ),
    "rejected_lately": Label(
        "Messages rejected in the last ten minutes, by booth and reason.",
        "최근 10분 동안 거부된 메시지를 부스와 사유별로 보여 줍니다.",
    ),
    "readings": Label(
        "How many readings came within the time range.", "조회 기간에 받은 측정값의 수입니다."
    ),
    "devices": Label(
        "The newest state of each device, the worst first. The hub writes it again every ten "
        "minutes.",
        "기기별 최신 상태이며, 문제가 있는 기기부터 보여 줍니다. 허브가 10분마다 다시 기록합니다.",
    ),
    "changes": Label(
        "Each device's state over time. The hub writes it again every ten minutes, so choose more "
        "than ten minutes.",
        "시간에 따른 기기 상태입니다. 허브가 10분마다 다시 기록하므로 10분보다 길게 조회하세요.",
    ),
    "battery": Label(
        "Charge left in each device, the lowest first.", "기기별 배터리 잔량을 낮은 순으로 봅니다."
    ),
    "count": Label(
        "How many devices send as they should, are late (silent for three intervals), or offline.",
        "정상적으로 보내는 기기, 늦는 기기(전송 주기의 3배), 연결이 끊긴 기기의 수입니다.",
    ),
    "alarms": Label("Flags that call for attention.", "주의가 필요한 경보입니다."),
    "position": Label("Where each device is now.", "기기의 현재 위치입니다."),
    "latest": Label(
        "The newest value of each field within the time range.",
        "조회 기간 내 필드별 최신 값입니다.",
    ),
    "counters": Label("Count since the data folder was made.", "데이터 폴더 생성 이후 누계입니다."),
    "flow": Label(
        "Messages a second, by what became of them.", "처리 결과별 초당 메시지 수입니다."
    ),
    "outbox": Label(
        "Bytes on disk that wait for the store; growing means that the store is slower or away.",
        "저장을 기다리는 디스크 용량입니다. 늘어나면 저장소가 느리거나 응답하지 않는 것입니다.",
    ),
    "refused": Label(
        "Readings that the store itself would not take; kept with its reason.",
        "저장소가 받지 않은 측정값입니다. 이유와 함께 보관합니다.",
    ),
    "normal": Label("Normal", "정상 범위"),
}
"""What panels and boards say of themselves."""
