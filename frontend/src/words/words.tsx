import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";

import { en, type Words } from "./en";
import { fa } from "./fa";

export const LANGUAGES: readonly Words[] = [en, fa];
const KEPT_AS = "buffycoat.language";

interface Speaking {
  words: Words;
  speak: (locale: string) => void;
}

const Context = createContext<Speaking>({ words: en, speak: () => undefined });

/** The language that the person chose before, else the browser's first one that we have, else English. */
function firstChoice(): string {
  const wanted = [localStorage.getItem(KEPT_AS) ?? "", ...navigator.languages].map((tag) => tag.split("-")[0]);
  return wanted.find((tag) => LANGUAGES.some((each) => each.locale === tag)) ?? "en";
}

/** Gives the words to everything inside, and tells the page its language and direction. */
export function Speech({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState(firstChoice);
  const words = LANGUAGES.find((each) => each.locale === locale) ?? en;
  useEffect(() => {
    document.documentElement.lang = words.locale;
    document.documentElement.dir = words.dir;
  }, [words]);
  const speaking = useMemo(
    () => ({
      words,
      speak: (chosen: string) => {
        localStorage.setItem(KEPT_AS, chosen);
        setLocale(chosen);
      },
    }),
    [words],
  );
  return (
    <I18nProvider locale={words.locale === "fa" ? "fa-IR" : "en"}>
      <Context value={speaking}>{children}</Context>
    </I18nProvider>
  );
}

export const useWords = (): Words => useContext(Context).words;
export const useSpeaking = (): Speaking => useContext(Context);
