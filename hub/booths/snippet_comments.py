"""What the comments of `hub.booths.snippet_programs` say in Korean. Data only."""

KOREAN = {
    "# $label: one reading with mosquitto_pub (Debian, Ubuntu: apt install mosquitto-clients).": (
        "# $label: mosquitto_pub으로 측정값 하나 보내기"
        "(Debian, Ubuntu: apt install mosquitto-clients)"
    ),
    "# Before: export MQTT_PASSWORD='the password of $user_name'": (
        "# 먼저 실행: export MQTT_PASSWORD='${user_name}의 비밀번호'"
    ),
    "The device \"try\" is shown on the booth's page alone; replace it with your device's name.": (
        '"try" 기기는 부스 페이지에만 표시됩니다. 우리 기기 이름으로 바꾸세요.'
    ),
    "$label with paho-mqtt 2: birth message, Last Will, and a reading every $interval s.": (
        "$label, paho-mqtt 2: birth 메시지, Last Will, ${interval}초마다 측정값."
    ),
    "$label with MQTT.js 5: birth message, Last Will, and a reading every $interval s.": (
        "$label, MQTT.js 5: birth 메시지, Last Will, ${interval}초마다 측정값."
    ),
    "$label with an ESP32 and PubSubClient 2.8 (in the Arduino library manager: PubSubClient by\n"
    "// Nick O'Leary): birth message, Last Will, and a reading every $interval s.": (
        "$label, ESP32와 PubSubClient 2.8(Arduino 라이브러리 관리자: PubSubClient by\n"
        "// Nick O'Leary): birth 메시지, Last Will, ${interval}초마다 측정값."
    ),
    "$label with MicroPython and umqtt.simple (mpremote mip install umqtt.simple):\n"
    "# birth message, Last Will, and a reading every $interval s.": (
        "$label, MicroPython과 umqtt.simple(mpremote mip install umqtt.simple):\n"
        "# birth 메시지, Last Will, ${interval}초마다 측정값."
    ),
    "each client needs an id of its own": "클라이언트 ID는 기기마다 달라야 합니다",
    "here: read your sensors": "여기에서 센서를 읽습니다",
    "After every connection, because the broker may have published the Last Will in between.": (
        "연결할 때마다 보냅니다. 그사이 브로커가 Last Will을 보냈을 수 있습니다."
    ),
    "what waits while there is no connection": "연결이 없는 동안 보관할 메시지 수",
    "connects, and connects again, in a thread of its own": (
        "별도 스레드에서 연결하고, 끊기면 다시 연결합니다"
    ),
    "kept, and sent after the next connection": "보관했다가 다시 연결되면 보냅니다",
    "The certificate of $ca_name, by which the broker is known.": (
        "브로커를 확인할 인증서($ca_name)입니다."
    ),
    "paste it here": "여기에 붙여 넣으세요",
    'like {"code"': '예: {"code"',
    "with its topic; 256, the default, are too few": (
        "토픽까지 담을 크기. 기본값 256은 모자랍니다"
    ),
    "with QoS 0, as this library does": "이 라이브러리는 QoS 0으로 보냅니다",
    "ca.der on the board: openssl": "보드에 넣을 ca.der: openssl",
    "whether a certificate is good depends on the time": "인증서는 시각이 맞아야 확인됩니다",
}
