/** Words of the page that says how far labels and masks are, in Persian; part of fa.ts. */
import type { progress as English } from "./progress.en";

const usual = new Intl.NumberFormat("fa");
const own = (text: string) => `\u2068${text}\u2069`;

export const progress: typeof English = {
  progress: {
    title: "پیشرفت",
    meaning: "برچسب‌ها و نقاب‌ها تا کجا رسیده‌اند و چشم به راه چه کسی هستیم. هر عدد به همان یاخته‌ها می‌رسد.",
    heldMeaning: "از یاخته‌هایی که در دوری باز خوانده می‌شوند تنها شمارشان گفته می‌شود. به کسی که خود در دوری می‌خواند پیشرفت دیگران گفته نمی‌شود.",
    none: "هنوز چیزی برای خواندن نیست",
    noneHint: "عکس‌ها را وارد کنید، یاخته‌ها را بیابید و دوری بگشایید.",
    copyOf: (table) => `رونوشت CSV: ${table}`,
    people: "افراد",
    person: "فرد",
    answered: "پاسخ داده",
    waiting: "مانده",
    openRounds: "دورهای باز",
    outlined: "دارای نقاب",
    open: "دورهای باز",
    closed: "دورهای بسته",
    round: "دور",
    cells: "یاخته‌ها",
    nobody: "هنوز هیچ‌کس",
    once: "یک بار خوانده",
    twice: "دو بار خوانده",
    hidden: "شما در این دور می‌خوانید: پیشرفت دیگران پس از بسته شدن گفته می‌شود.",
    unread: "خوانده‌نشده",
    sorted: "تنها دسته‌بندی",
    single: "یک بار خوانده",
    agreed: "هم‌داستان",
    disputed: "ناهم‌داستان",
    decided: "داوری‌شده",
    reading: "در دوری باز",
    smears: "گسترش‌ها",
    smear: "گسترش",
    classes: "رده‌ها",
    class: "رده",
    handedIn: "تحویل داده",
    progressOf: (handle) => `پیشرفت ${own(handle)}`,
    openCount: (count) => `${usual.format(count)} دور باز`,
    disputedCount: (count) => `${usual.format(count)} ناهم‌داستان`,
  },
};
