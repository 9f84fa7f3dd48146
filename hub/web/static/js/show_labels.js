// The words of what the wall shows to visitors, in the pages' two languages.

export const SHOW_LABELS = {
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
  plug_back: { en: "Put it back ({n} s)", ko: "다시 꽂기({n}초)" },
};
