/** Words of the gallery by class, in Persian; part of fa.ts. */
const usual = new Intl.NumberFormat("fa");
const cells = (count: number) => `${usual.format(count)} یاخته`;

export const sorting = {
  sorting: {
    view: "نما",
    byClass: "به‌تفکیک رده",
    wall: "همه با هم",
    classes: "رده‌ها",
    unidentified: "شناسایی‌نشده",
    grid: "یاخته‌ها به‌تفکیک رده",
    tools: "ابزارهای دسته‌بندی",
    own: "برچسب شما",
    ownOf: (count: number) => `✓ ${usual.format(count)}`,
    held: "در یک دور باز",
    tile: (place: number, what: string) => `یاختهٔ ${usual.format(place)}، ${what}`,
    put: (count: number) => `گذاشتن ${cells(count)} در`,
    more: "همهٔ رده‌ها",
    fewer: "رده‌های کمتر",
    confirm: (count: number) => (count === 0 ? "تأیید صفحه" : `تأیید صفحه (${usual.format(count)})`),
    confirmed: (count: number) => (count === 0 ? "در این صفحه چیزی برای تأیید نیست" : `${cells(count)} تأیید شد`),
    undo: "برگرداندن",
    redo: "دوباره",
    undone: (count: number) => `پس گرفته شد: ${cells(count)}`,
    redone: (count: number) => `دوباره انجام شد: ${cells(count)}`,
    page: "گزینش همهٔ صفحه",
    chosen: (count: number) => `${cells(count)} برگزیده`,
    lasso: "کشیدن حلقه دور یاخته‌ها",
    name: (count: number) => `نام (${usual.format(count)})…`,
    clear: "لغو گزینش",
    labeled: (count: number, term: string) => `${cells(count)}: ${term}`,
    notFree: "یا در یک دور باز است، یا پیش‌تر همین را گفته‌اید، یا عکس آن نیامده است",
    nothing: "روی یاخته‌ای بروید یا چند یاخته برگزینید",
    lookOnly: "برای دسته‌بندی یاخته‌ها با حساب خواننده وارد شوید.",
    leftOut: (loaded: number, total: number) => `${usual.format(loaded)} یاختهٔ نخست از ${usual.format(total)}. برای بقیه پالایه بگذارید.`,
  },
};
