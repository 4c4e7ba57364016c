/** Words of the page of reported labels, in Persian; part of fa.ts. */
import type { errata as English } from "./errata.en";

const usual = new Intl.NumberFormat("fa");
const n = (count: number, what: string) => `${usual.format(count)} ${what}`;

export const errata: typeof English = {
  errata: {
    title: "برچسب‌های گزارش‌شده",
    curate: "آنچه خوانندگان یک انتشار نادرست می‌دانند: گزارش‌ها را بگیرید، پاسخ دهید و یاخته‌ها را دوباره به خواندن بدهید.",
    meaning:
      "وبگاه عمومی یک انتشار چنین گزارش‌هایی را در پرونده می‌نویسد یا با رایانامه می‌فرستد. گزارش هیچ برچسبی را عوض نمی‌کند: یاختهٔ گزارش پذیرفته‌شده به دور تازه‌ای می‌رود و انتشار بعدی می‌گوید چه شد.",
    takeIn: "گرفتن گزارش‌ها…",
    takingIn: "در حال گرفتن…",
    show: "نمایش",
    states: { all: "همهٔ گزارش‌ها", new: "در انتظار", accepted: "پذیرفته", declined: "ردشده" },
    notClasses: { "not-a-leukocyte": "گلبول سفید نیست", "look-again": "دوباره ببینید" },
    noClass: "بی‌رده",
    none: "هنوز گزارشی نیست",
    noneHint: "پرونده‌های وبگاه عمومی، یا رایانامه‌هایی که چنین متنی دارند، اینجا گرفته می‌شوند.",
    noneSuch: "چنین گزارشی نیست",
    noneSuchHint: "همه را نمایش دهید.",
    received: (kept, known, refused) =>
      [n(kept, "گزارش گرفته شد"), known ? n(known, "از پیش شناخته") : "", refused ? n(refused, "پذیرفته نشد") : ""].filter(Boolean).join("، "),
    report: (place) => `گزارش ${usual.format(place)}`,
    openCell: "باز کردن یاخته",
    ofRelease: "انتشار",
    held: "این یاخته در حال خوانده شدن است. آنچه گزارش شده پس از بسته شدن دور دوباره گفته می‌شود.",
    by: "از",
    now: (term) => `اکنون در این کارگاه: ${term}.`,
    newest: (version, label) => `انتشار ${version}: ${label}.`,
    leftOut: (version) => `انتشار ${version} آن را کنار گذاشته است.`,
    readAgain: (round) => `در دور ${round} دوباره خوانده شد.`,
    answered: (handle) => `پاسخ از ${handle}`,
    accept: "پذیرفتن",
    declineNow: "رد کردن…",
    decline: "رد کردن",
    why: "چرا رد می‌شود",
    cancel: "انصراف",
    takeBack: "پس گرفتن پاسخ",
    again: (cells) => `${n(cells, "یاخته در انتظار بازخوانی")}`,
    againMeaning: "دو متخصص یا بیشتر، مانند همیشه بی‌خبر از هم، می‌خوانند. کسی که گزارش را گرفته یا به آن پاسخ داده در میانشان نیست.",
    readers: "چه کسانی می‌خوانند",
    openRound: "باز کردن دور",
  },
};
