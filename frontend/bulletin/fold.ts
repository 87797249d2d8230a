// One coarse Latin spelling for Kazakh, Russian and the several ways people write them in Latin
// letters: what src/haq/bulletin/search/fold.py does when the index is built. Change both together;
// tests run one table of examples through both and compare them on random texts.

function table(pairs: string): Map<string, string> {
  return new Map(pairs.split(" ").map((pair) => pair.split(":") as [string, string]));
}

/** A letter with its mark -> how it sounds; read before all other marks are dropped. */
const MARKED = table(
  "s\u0327:sh s\u0326:sh s\u030c:sh s\u0301:sh c\u0327:ch c\u030c:ch c\u0301:ch z\u030c:zh z\u0307:zh " +
    "j\u030c:zh y\u0301:u",
);

/** A letter of another alphabet, or an unusual Latin one -> Latin letters. */
const LETTERS = table(
  "а:a ә:a б:b в:v г:g ғ:g ґ:g д:d е:e є:e ж:zh җ:zh з:z ҙ:z и:i і:i ы:i к:k қ:k ҡ:k л:l м:m н:n ң:n " +
    "о:o ө:o п:p р:r с:s ҫ:s т:t у:u ұ:u ү:u ф:f х:h һ:h ҳ:h ц:ts ч:ch ҷ:ch ш:sh щ:sh ъ: ь: э:e ю:iu " +
    "я:ia ა:a ბ:b გ:g დ:d ე:e ვ:v ზ:z თ:t ი:i კ:k ლ:l მ:m ნ:n ო:o პ:p ჟ:zh რ:r ს:s ტ:t უ:u ფ:p ქ:k ღ:g ყ:k " +
    "შ:sh ჩ:ch ც:ts ძ:dz წ:ts ჭ:ch ხ:h ჯ:zh ჰ:h " +
    "ı:i ə:a ł:l ø:o đ:d ß:s æ:e œ:e þ:t ð:d ŋ:n ħ:h q:k x:ks y:i",
);

/** Letters -> the sound that they stand for, one after the other over the whole word. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/([aeiou])w/gu, "$1u"],
  [/w/gu, "v"],
  [/ij$/gu, "i"],
  [/aja$/gu, "aia"],
  [/ck/gu, "k"],
  [/gh/gu, "g"],
  [/kh/gu, "h"],
  [/t?(?:sch|sh|ch)/gu, "C"],
  [/c/gu, "ts"],
  [/C/gu, "c"],
  [/d?(?:zh|j)/gu, "j"],
  [/ng/gu, "n"],
  [/i+[eo]/gu, "e"],
  [/(.)\1+/gu, "$1"],
  [/ei/gu, "ai"],
];

const APOSTROPHES = /['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u2032]/gu;
/** Digits; or letters with their marks and the apostrophes between them. */
const WORDS =
  /[0-9]+|(?!['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u2032])[\p{L}\p{M}]['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u2032\p{L}\p{M}]*/gu;

const STOP_WORDS =
  "улица ул көше көшесі көш street st str проспект просп пр даңғыл даңғылы avenue ave переулок пер " +
  "тұйық тұйығы lane шоссе road rd бульвар бул boulevard blvd площадь алаң алаңы square дом үй үйі house " +
  "здание ғимарат ғимараты building номер нөмірі number no nr имени им атындағы named учаске учаскесі " +
  "участок участка station polling избирательный уик";

const SAME_WORDS = [
  "мектеп мектебі школа школы school",
  "балабақша балабақшасы детсад бөбекжай kindergarten",
  "аурухана ауруханасы больница hospital",
  "емхана емханасы поликлиника clinic polyclinic",
  "кітапхана кітапханасы библиотека library",
  "университет университеті university",
  "колледж колледжі college",
  "гимназия гимназиясы gymnasium",
  "лицей лицейі lyceum",
  "мәдениет культуры culture",
  "клуб клубы club",
  "мкр мкрн микрорайон шағын ықшамаудан ықшамауданы microdistrict",
  "облыс облысы область области обл oblast region",
  "аудан ауданы район района district",
  "қала қаласы город города гор city town",
  "ауыл ауылы село села посёлок поселка кент кенті village",
];

/** Spell one word by its sounds. */
export function skeleton(word: string): string {
  let letters = word.toLowerCase().normalize("NFD").replace(APOSTROPHES, "");
  for (const [marked, sound] of MARKED) letters = letters.split(marked).join(sound);
  let bare = "";
  for (const one of letters) {
    if (one < "\u0300" || one > "\u036f") bare += LETTERS.get(one) ?? one;
  }
  for (const [pattern, sound] of SOUNDS) bare = bare.replace(pattern, sound);
  return bare;
}

/** Drop the vowels of an ending, in words of six letters and more. */
export function stem(word: string): string {
  const spelt = [...skeleton(word)];
  if (spelt.length < 6) {
    const text = spelt.join("");
    return spelt.length === 5 && text.endsWith("ia") ? text.slice(0, -1) : text;
  }
  let end = spelt.length;
  while (end > 4 && "aeiou".includes(spelt[end - 1] as string)) end -= 1;
  const short = spelt.slice(0, end).join("");
  // The street of Достоевский is улица Достоевского.
  return short.endsWith("skog") ? short.slice(0, -2) : short;
}

/** Cut a text into its words and numbers, as they are written. */
export function words(text: string): string[] {
  return text.normalize("NFC").match(WORDS) ?? [];
}

export const STOP: ReadonlySet<string> = new Set(STOP_WORDS.split(" ").map(stem));

const SAME: ReadonlyMap<string, string> = new Map(
  SAME_WORDS.flatMap((line) => {
    const group = line.split(" ").map(stem);
    return group.map((token) => [token, group[0] as string] as const);
  }),
);

/** Tokens that narrow a search only where that leaves something: they name a kind of place. */
export const WEAK: ReadonlySet<string> = new Set(SAME.values());

/** A token, and the word that it was made of. */
export interface Token {
  readonly token: string;
  readonly word: string;
}

/** Turn a text into the tokens that it is found by. */
export function fold(text: string): Token[] {
  const tokens: Token[] = [];
  for (const word of words(text)) {
    const token = isNumber(word) ? word.replace(/^0+(?=.)/u, "") : stem(word);
    if (token && !STOP.has(token)) tokens.push({ token: SAME.get(token) ?? token, word });
  }
  return tokens;
}

export function isNumber(token: string): boolean {
  return /^[0-9]/u.test(token);
}
