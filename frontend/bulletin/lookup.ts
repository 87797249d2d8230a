// Finds stations in the shards of the index: see src/haq/bulletin/search/index.py.

import { fold, isNumber, WEAK, type Token } from "./fold.ts";

export interface Manifest {
  readonly stations: number;
  readonly shard: number;
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  readonly thirds: readonly string[];
  readonly common: readonly string[];
}

/** A text whose language nobody knows, or one in each language. */
export type Said = string | Readonly<Record<string, string>>;

export interface Shown {
  readonly areas: readonly (readonly [level: string, short: string, names: Said, above: number])[];
  readonly stations: readonly (readonly [
    short: string,
    slug: string,
    area: number,
    names: Said,
    addresses: Said,
  ])[];
}

type Shard = Readonly<Record<string, readonly number[]>>;

/** Loads a file of the index by its name; throws where it cannot. */
export type Load = (name: string) => Promise<unknown>;

export interface Found {
  /** Numbers of stations, best first. */
  readonly stations: readonly number[];
  /** Words of the query that would have left nothing, and were left out. */
  readonly ignored: readonly string[];
  /** Whether the query holds only words that nearly every address has. */
  readonly common: boolean;
}

interface Match {
  readonly token: Token;
  readonly all: ReadonlySet<number>;
  readonly exact: ReadonlySet<number>;
  /** Stations that have this number, and stations with it in their address. */
  readonly number: ReadonlySet<number>;
  readonly house: ReadonlySet<number>;
}

/** Words after which a number is that of a station. */
const STATION_WORDS = /(?<!\p{L})(?:уик|уск|участ|учаск|polling|station(?!\p{L})|precinct)/iu;
/** Words from this length on are found with one letter wrong. */
const FORGIVEN = 5;

export class Index {
  private readonly load: Load;
  private readonly loaded = new Map<string, Promise<unknown>>();

  constructor(load: Load) {
    this.load = load;
  }

  /** Find the stations that a query means. */
  async find(query: string): Promise<Found> {
    const manifest = await this.manifest();
    const common = new Set(manifest.common);
    const seen = new Set<string>();
    const tokens = fold(query).filter(({ token }) => !seen.has(token) && seen.add(token));
    const telling = tokens.filter(({ token }) => !common.has(token));
    const matches = await Promise.all(telling.map((token) => this.match(token, manifest)));
    const whole = await this.whole(query, manifest);
    const found = whole.size
      ? { stations: [...whole], ignored: [] }
      : combine(matches, STATION_WORDS.test(query));
    return { ...found, common: tokens.length > 0 && telling.length === 0 };
  }

  manifest(): Promise<Manifest> {
    return this.file("manifest.json") as Promise<Manifest>;
  }

  /** The shard in which a station is described. */
  shown(shard: number): Promise<Shown> {
    return this.file(`s-${shard}.json`) as Promise<Shown>;
  }

  /** The stations whose whole number the query is, where a number has several parts. */
  private async whole(query: string, manifest: Manifest): Promise<ReadonlySet<number>> {
    const parts = fold(query).map(({ token }) => token);
    const number = parts.join("-");
    return parts.length < 2 ? new Set() : union(await this.shard("n", manifest.numbers, number), (one) => one === number);
  }

  private async match(token: Token, manifest: Manifest): Promise<Match> {
    const text = token.token;
    const words = await this.shard("w", manifest.words, text);
    if (isNumber(text)) {
      const numbers = await this.shard("n", manifest.numbers, text);
      const number = union(numbers, (one) => one === text);
      const house = union(words, (one) => one === text);
      const exact = join(number, house);
      const all = exact.size ? exact : union(numbers, (one) => one.startsWith(text));
      return { token, all, exact, number, house };
    }
    const exact = union(words, (one) => one === text);
    let all: ReadonlySet<number> = text.length > 2 ? union(words, (one) => one.startsWith(text)) : exact;
    for (const reading of all.size ? [] : readings(text)) {
      const shard = await this.shard("w", manifest.words, reading);
      all = join(all, union(shard, (one) => one.startsWith(reading)));
    }
    if (!all.size && text.length >= FORGIVEN) {
      all = union(words, (one) => oneTypoApart(one, text));
      if (!all.size) all = await this.slipped(text, manifest);
    }
    return { token, all, exact, number: new Set(), house: new Set() };
  }

  /** The stations of words that differ in one of the first two letters, or have them the other way round. */
  private async slipped(text: string, manifest: Manifest): Promise<ReadonlySet<number>> {
    const third = [...text][2] as string;
    if (!manifest.thirds.includes(third)) return new Set();
    const tokens = (await this.file(`t-${fileOf(third)}.json`)) as readonly string[];
    const rest = text.slice(2);
    let found: ReadonlySet<number> = new Set();
    // fold makes ei and ai one, and a slip keeps it from seeing them.
    const near = (one: string): boolean =>
      oneTypoApart(one, text) || oneTypoApart(one.replace(/e/gu, "a"), text.replace(/e/gu, "a"));
    for (const token of tokens.filter((one) => one.endsWith(rest) && near(one))) {
      found = join(found, union(await this.shard("w", manifest.words, token), (one) => one === token));
    }
    return found;
  }

  private async shard(kind: string, prefixes: readonly string[], token: string): Promise<Shard> {
    const letters = [...token];
    for (const size of [3, 2, 1]) {
      const prefix = letters.slice(0, size).join("");
      if (letters.length >= size && prefixes.includes(prefix)) {
        return (await this.file(`${kind}-${fileOf(prefix)}.json`)) as Shard;
      }
    }
    return {};
  }

  private file(name: string): Promise<unknown> {
    let loading = this.loaded.get(name);
    if (!loading) {
      loading = this.load(name);
      this.loaded.set(name, loading);
      // What failed once may come the next time.
      loading.catch(() => this.loaded.delete(name));
    }
    return loading;
  }
}

/** Other tokens that the same letters may stand for: an ending half typed, j for й. */
function readings(token: string): string[] {
  const ending = token.replace(/[aeiou]+$/u, "");
  const found = ending.length >= 4 && ending !== token ? [ending] : [];
  const sounded = token.replace(/j/gu, "i").replace(/ei/gu, "ai").replace(/ia$/u, "i");
  return sounded === token ? found : [...found, sounded.length > 5 ? sounded.replace(/[aeiou]+$/u, "") : sounded];
}

/** Say whether two words differ by one letter changed, added, left out or swapped with the next. */
export function oneTypoApart(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [a, b] = [one.slice(start), other.slice(start)];
  if (Math.abs(a.length - b.length) > 1 || (!a && !b)) return false;
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2))
  );
}

function combine(matches: readonly Match[], numbered: boolean): Omit<Found, "common"> {
  const ignored: string[] = [];
  const isStrong = ({ token: { token } }: Match): boolean =>
    !isNumber(token) && !WEAK.has(token) && token.length > 1;
  let strong = matches.filter(isStrong);
  let rest = matches.filter((match) => !isStrong(match));
  const known = strong.filter((match) => match.all.size);
  const counted = rest.some((match) => isNumber(match.token.token) && match.all.size);
  if (!known.length && strong.length && !counted) return { stations: [], ignored };
  if (!known.length) {
    ignored.push(...strong.map((match) => match.token.word));
    // Numbers alone, or a kind of place alone, are all that there is.
    const numbers = rest.filter((match) => isNumber(match.token.token));
    strong = numbers.length ? numbers : rest;
    rest = rest.filter((match) => !strong.includes(match));
  } else {
    ignored.push(...strong.filter((match) => !match.all.size).map((match) => match.token.word));
    strong = known;
  }
  if (!strong.length) return { stations: [], ignored };
  let found = meetAll(strong.map((match) => match.all));
  // 31-0027 is a station, and no house of that number on a street of the other; "school street 103" is a house.
  const whole = meetAll(strong.map((match) => match.number));
  if (whole.size && !rest.length) found = whole;
  for (const match of rest) {
    const narrower = meet(found, match.all);
    if (narrower.size) found = narrower;
    else if (isNumber(match.token.token) && found.size) ignored.push(match.token.word);
  }
  // Beside the name of a street a number is a house, unless the visitor says that it is a station.
  const street = !numbered && matches.some((match) => !isNumber(match.token.token) && match.all.size);
  const rank = (station: number): number => {
    if (street && matches.some((match) => match.house.has(station))) return 0;
    if (matches.some((match) => match.number.has(station))) return 1;
    return strong.every((match) => match.exact.has(station)) ? 2 : 3;
  };
  const ranked = [...found].map((station) => [rank(station), station] as const);
  ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { stations: ranked.map(([, station]) => station), ignored };
}

function union(shard: Shard, wanted: (token: string) => boolean): Set<number> {
  const found = new Set<number>();
  for (const [token, coded] of Object.entries(shard)) {
    if (wanted(token)) for (const station of decode(coded)) found.add(station);
  }
  return found;
}

function meetAll(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  return sets.reduce((found, one) => meet(found, one));
}

function join(one: ReadonlySet<number>, other: ReadonlySet<number>): Set<number> {
  return new Set([...one, ...other]);
}

function meet(one: ReadonlySet<number>, other: ReadonlySet<number>): Set<number> {
  return new Set([...one].filter((station) => other.has(station)));
}

/** Read distances; -k stands for the next k numbers. */
export function decode(coded: readonly number[]): number[] {
  const stations: number[] = [];
  let last = -1;
  for (const step of coded) {
    for (let left = step < 0 ? -step : 1; left; left -= 1) {
      last += step < 0 ? 1 : step;
      stations.push(last);
    }
  }
  return stations;
}

function fileOf(prefix: string): string {
  if (/^[a-z0-9]+$/u.test(prefix)) return prefix;
  return `x${[...prefix].map((one) => (one.codePointAt(0) as number).toString(16)).join("-")}`;
}
