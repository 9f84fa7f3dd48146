"""Texts of the boards that no kind declares, in both languages."""

from schemas import Label

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

NOW = Label("Now", "현재")
STATES = Label("States", "상태")
OVER_TIME = Label("Over time", "추이")
ACCOUNTS = Label("Accounts of messages", "메시지 집계")
OUTBOX = Label("Outbox and store", "아웃박스와 저장소")
ALARMS = Label("Alarms", "경보")
POSITION = Label("Position", "위치")
BATTERY = Label("Battery", "배터리")
OUTAGES = Label("Device offline", "기기 연결 끊김")
SINCE = Label("Since", "변경 시각")
STATE = Label("State", "상태")
LIVE = Label("Live", "정상")
LATE = Label("Late", "지연")
OFFLINE = Label("Offline", "끊김")
YES = Label("Yes", "예")
NO = Label("No", "아니요")
RATE = Label("Readings a second", "초당 측정값")
REJECTIONS = Label("Rejections a minute", "분당 거부")
SURPLUS = Label("Above quota", "허용량 초과")
LATEST = Label("Latest values", "최근 값")
DEVICES_NOW = Label("Devices and their state", "기기별 상태")
DEVICE_STATES = Label("State of each device", "기기 상태 변화")
HEADLINES = Label("What the devices measure", "주요 측정값")

COUNTERS = {
    "received": Label("Received", "수신"),
    "accepted": Label("Accepted", "수락"),
    "rejected": Label("Rejected", "거부"),
    "duplicate": Label("Duplicate", "중복"),
    "ignored": Label("Ignored", "무시"),
    "stored": Label("Stored", "저장"),
    "merged": Label("Merged (same time)", "병합(같은 시각)"),
    "waiting": Label("Waiting", "대기"),
    "refused": Label("Refused by the store", "저장소 거절"),
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
    "live": Label("Devices that send as they should.", "정상적으로 보내는 기기의 수입니다."),
    "late": Label(
        "Devices silent for three times their interval or longer.",
        "전송 주기의 3배 이상 조용한 기기의 수입니다.",
    ),
    "offline": Label(
        "Devices that said so, or were silent for ten intervals.",
        "연결이 끊겼거나 전송 주기의 10배 동안 조용한 기기의 수입니다.",
    ),
    "rate": Label("Accepted readings a second.", "초당 수락한 측정값의 수입니다."),
    "rate_kind": Label(
        "Stored readings a second, by kind of device.", "기기 종류별 초당 저장 측정값의 수입니다."
    ),
    "rejections": Label(
        "Messages a minute that were not accepted; the hub's own pages name booth and reason.",
        "분당 거부한 메시지의 수입니다. 부스와 이유는 허브 화면에 나옵니다.",
    ),
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
        "부스 허용량을 넘은 메시지 수입니다. QoS 0은 버리고, 나머지는 나중에 저장합니다. "
        "거부된 메시지는 건수만 셉니다.",
    ),
    "waiting": Label(
        "Accepted readings that the store has not taken yet.",
        "수락했지만 저장소에 아직 저장되지 않은 측정값의 수입니다.",
    ),
    "devices": Label(
        "The newest state of each device that was heard of in the last seven days.",
        "최근 7일간 수신한 기기의 최신 상태입니다.",
    ),
    "changes": Label(
        "When devices came and went in the last 24 hours; a bar lasts until the next change.",
        "최근 24시간 동안 기기의 연결 변화입니다. 막대는 다음 변화까지 이어집니다.",
    ),
    "alarms": Label("Flags that call for attention.", "주의가 필요한 경보입니다."),
    "battery": Label("Charge left in each device.", "기기별 배터리 잔량입니다."),
    "position": Label("Where each device is now.", "기기의 현재 위치입니다."),
    "latest": Label(
        "The newest value of each field within the time range.",
        "조회 기간 내 필드별 최신 값입니다.",
    ),
    "headlines": Label(
        "The first measured value of each kind that the booth has.",
        "이 부스가 가진 기기 종류별 대표 값입니다.",
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
    "count": Label("How many devices are in each state.", "상태별 기기의 수입니다."),
    "mean": Label("mean of all devices", "전체 기기 평균"),
    "normal": Label("Normal", "정상 범위"),
}
"""What panels and boards say of themselves."""
