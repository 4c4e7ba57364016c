/** Words of working without a network, and of handing in, in Persian; part of fa.ts. */
import type { offline as english } from "./offline.en";

const usual = new Intl.NumberFormat("fa-IR", { maximumFractionDigits: 2 });
const tenth = new Intl.NumberFormat("fa-IR", { maximumFractionDigits: 1 });
const latin = (text: string) => `\u2068${text}\u2069`;
const answers = (count: number) => `${usual.format(count)} پاسخ`;
const entries = (count: number) => `${usual.format(count)} مورد`;
const labels = (count: number) => `${usual.format(count)} برچسب گالری`;
const boxes = (count: number) => `${usual.format(count)} تغییر کادر`;
const decisions = (count: number) => `${usual.format(count)} داوری`;
const drawings = (count: number) => `نقاب‌های ${usual.format(count)} یاخته`;
const cells = (count: number) => `${usual.format(count)} یاخته`;
const megabytes = (bytes: number) => `${tenth.format(bytes / 1e6)} مگابایت`;

export const offline: typeof english = {
  offline: {
    as: (handle) => `بی‌ارتباط، با نام ${latin(handle)}`,
    meaning: "آنچه همراه برده‌اید را می‌توان برچسب زد؛ پاسخ‌ها تا برقراری ارتباط روی همین دستگاه می‌مانند.",
    nothingTaken: "روی این دستگاه چیزی همراه برده نشده است. با ارتباط، دوری را باز کنید و یاخته‌ها را همراه ببرید.",
    left: (count) => `${cells(count)} همراه برده`,
    label: "برچسب زدن",
    again: "ارتباط هست؟",
    newer: "نسخهٔ تازهٔ استودیو آماده است",
    newerMeaning: "آنچه در انتظار است سر جای خود می‌ماند.",
    reload: "بارگذاری دوباره",
    waitFor: (handles) => `کارهای ${latin(handles)} روی این دستگاه در انتظار است. با ورود همان شخص از همین‌جا فرستاده می‌شود.`,
    old: (count, since) => `${entries(count)} از ${since} در انتظار است: این دستگاه را وصل کنید یا آن‌ها را در فایل ذخیره کنید.`,
    details: "جزئیات",

    waitingTitle: "هنوز فرستاده نشده",
    allSent: "هر آنچه این‌جا داده شده به سرویس رسیده است.",
    waits: (count, since) => `${entries(count)} در انتظار فرستادن است، کهنه‌ترین از ${since}.`,
    kinds: { answer: answers, label: labels, box: boxes, decision: decisions, mask: drawings },
    sentLater: "همین که سرویس پاسخ دهد خودبه‌خود فرستاده می‌شوند، حتی اگر این صفحه بسته و دوباره باز شده باشد.",
    otherPerson: "اکنون شخص دیگری در این مرورگر وارد شده است. دوباره با نام کسی که این‌ها را داده است وارد شوید.",
    signedOut: "شما خارج شده‌اید: چیزی گم نمی‌شود و با ورود همان شخص همه فرستاده می‌شود.",
    tryNow: "اکنون بفرست",
    save: "ذخیرهٔ همه در فایل",
    load: "خواندن از فایل",
    saved: (count) => `${entries(count)} ذخیره شد. این‌جا هم در انتظار می‌مانند؛ اگر دو بار فرستاده شوند یک بار شمرده می‌شوند.`,
    loaded: (count) => (count === 0 ? "در فایل چیز تازه‌ای نیست." : `${entries(count)} از فایل گرفته شد.`),
    notAnswers: "در این فایل چیزی از ما نیست.",
    refusedTitle: (count) => `${entries(count)} پذیرفته نشد`,
    refusedWhy: (count, why) => `${usual.format(count)} مورد پذیرفته نشد: \u2068${why}\u2069`,
    refusedMeaning: "سرویس این‌ها را به دلیلی که کنار هر یک آمده نپذیرفت. تا خودتان برندارید این‌جا می‌مانند.",
    refusedLine: (place, what) => `یاختهٔ ${usual.format(place)}، ${what}`,
    refusedLabel: (what) => `در گالری، ${what}`,
    refusedDecision: (name) => `داوری: ${name}`,
    refusedMask: "نقاب‌های یک یاخته",
    refusedBox: (what) => `کادر، ${what}`,
    acts: { add: "کشیده شده", move: "جابه‌جا شده", remove: "برداشته شده", accept: "پذیرفته شده", reset: "همان پیشنهاد", type: "نوع آن" },
    andMore: (count) => `و ${usual.format(count)} تای دیگر`,
    drop: "از این دستگاه بردار",

    take: "همراه بردن یاخته‌ها",
    takeMeaning: "یاخته‌های بعدیِ بی‌پاسخ با تصویرشان روی این دستگاه می‌آیند و بدون ارتباط برچسب می‌خورند.",
    howMany: "چند تا",
    takeNow: (count) => `بردن ${cells(count)}`,
    taking: (done, of) => `${usual.format(done)} از ${usual.format(of)} تصویر`,
    megabytes,
    stop: "ایست",
    here: (count, left, bytes) => `${cells(count)} این‌جاست، ${usual.format(left)} بی‌پاسخ، ${megabytes(bytes)}`,
    takenAt: (moment) => `برده شده در ${moment}`,
    notLasting: "این مرورگر شاید هنگام کمبود جا آن‌ها را پاک کند؛ پاسخ‌ها را هم. زود وصل شوید.",
    giveBack: "پس دادن",
    giveBackMeaning: "تصویرها از این دستگاه پاک می‌شوند. پاسخ‌ها می‌مانند و فرستاده می‌شوند.",
    noRoom: "روی این دستگاه جای کافی نیست. کمتر ببرید یا جا باز کنید.",
    noRoomFree: (bytes) => `جای کافی نیست: مرورگر ${megabytes(bytes)} دیگر می‌دهد. کمتر ببرید یا جا باز کنید.`,
    takeFailed: "همهٔ تصویرها نیامدند. چیزی نگه داشته نشد؛ با ارتباط بهتر دوباره بیازمایید.",
    noneLeft: "همهٔ یاخته‌ها پاسخ دارند.",
    notSecure: "مرورگرها تنها صفحه‌ای را نگه می‌دارند که با TLS یا از همین دستگاه آمده باشد. از گردانندهٔ سرویس نشانی https بخواهید.",
    allTaken: "هر آنچه همراه برده‌اید برچسب خورده است",
    allTakenHint: "یاخته‌های دیگر با برقراری ارتباط می‌آیند.",

    nameHint: "چیست؟ دیگران این نام را کنار پاسخ می‌خوانند.",

    handIn: "تحویل دادن",
    handInSure: "این خوانش تحویل داده شود؟",
    handInMeaning: "پس از آن همان‌گونه می‌ماند: چیزی برنمی‌گردد و تغییر نمی‌کند. دور وقتی بسته می‌شود که همهٔ خوانندگان تحویل داده باشند.",
    handInReady: "تا هر زمان که بخواهید یاخته‌ها را دوباره ببینید یا برگردانید؛ سپس تحویل دهید.",
    handInLine: (total, answered) => `${cells(total)}، ${usual.format(answered)} برچسب خورده`,
    blanks: (count) => `${cells(count)} هنوز بی‌پاسخ`,
    noBlanks: "هیچ یاخته‌ای جا نمانده است",
    blanksMeaning: "آنچه شناخته نمی‌شود هم کلید خود را دارد.",
    toBlank: "رفتن به نخستین آن‌ها",
    unsent: (count) => `${answers(count)} هنوز به سرویس نرسیده است. تحویل دادن ارتباط می‌خواهد.`,
    handedIn: "این خوانش را تحویل داده‌اید",
    handedInHint: "همین‌گونه می‌ماند. پاسخ‌ها هنگام بسته شدن دور گفته می‌شوند.",
    cancel: "هنوز نه",
  },
};
