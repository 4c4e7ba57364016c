/** Words of the page that curators go from, in Persian; part of fa.ts. */
import type { curate as English } from "./curate.en";

export const curate: typeof English = {
  curate: {
    title: "گردانندگی",
    notYours: "برای گردانندگان و مدیران",
    notYoursHint: "اینجا به عکس‌ها نام و نشان داده می‌شود، یاخته‌ها برگزیده و انتشارها مهر می‌شوند. از یک گرداننده بخواهید.",
    groups: { photographs: "عکس‌ها", reading: "خواندن", out: "انتشارها", studio: "کارگاه" },
    masks: "یاخته‌هایی را که هسته و مرزشان کشیده می‌شود برگزینید و ببینید چند تا کشیده شده‌اند.",
    people: "افراد را دعوت کنید و ببینید هر کس چه می‌تواند بکند.",
    audit: "چه کسی کِی چه کرد، و آیا دفتر رویدادها دست‌نخورده است.",
  },
};
