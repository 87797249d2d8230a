// The words of the check in the page's language, as src/haq/bulletin/pages/check_words.py writes them.

/** What stands in assets/check-<language>.json. */
export type Words = {
  language: string;
  /** What stands between thousands. */
  group: string;
  /** A date in each month, with {day} and {year}. */
  months: string[];
  words: Record<string, string>;
  /** A sentence in each form that a number needs. */
  counted: Record<string, Record<string, string>>;
  /** Kinds and fields of entries, and what stands where there is no number. */
  kinds: Record<string, string>;
  fields: Record<string, string>;
  missing: Record<string, string>;
  /** Field -> key -> what it is called: levels, contests, organisations. */
  names: Record<string, Record<string, string>>;
  /** Contest, or nothing for all -> line or choice -> what it is called. */
  lines: Record<string, Record<string, string>>;
};

export type Values = Record<string, string | number>;

// As haq.bulletin.pages.writing shows them: they would turn what stands after them around.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu;

export const visible = (text: string): string =>
  text.replace(HIDDEN, (one) => `[U+${(one.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}]`);

export class Saying {
  readonly words: Words;
  private readonly rules: Intl.PluralRules;
  constructor(words: Words) {
    this.words = words;
    this.rules = new Intl.PluralRules(words.language);
  }

  number(value: number): string {
    const digits = String(value).replace("-", "\u2212");
    // Four digits stand together in Russian and Kazakh typesetting.
    if (this.words.language !== "en" && Math.abs(value) < 10_000) return digits;
    return digits.replace(/\B(?=(\d{3})+$)/gu, this.words.group);
  }

  /** Say a sentence; `{name}` in it stands for a value, and a number gets its thousands apart. */
  say(key: string, values: Values = {}): string {
    return this.fill(this.words.words[key] ?? key, values);
  }

  /** Say a sentence in the form that a number needs; `{num}` is that number. */
  count(key: string, many: number, values: Values = {}): string {
    const forms = this.words.counted[key] ?? {};
    return this.fill(forms[this.rules.select(many)] ?? forms["other"] ?? key, { num: many, ...values });
  }

  private fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/gu, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === "number" ? this.number(value) : visible(value);
    });
  }

  /** Say when something was, by this browser's clock; browsers do not know the months of every language. */
  when(iso: string): string {
    const date = new Date(iso);
    const month = this.words.months[date.getMonth()];
    if (month === undefined) return visible(iso);
    const two = (value: number): string => String(value).padStart(2, "0");
    const day = this.fill(month, { year: String(date.getFullYear()), day: String(date.getDate()) });
    return `${day}, ${two(date.getHours())}:${two(date.getMinutes())}`;
  }
}
