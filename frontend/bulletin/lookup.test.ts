import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, Index, oneTypoApart } from "./lookup.ts";

const FILES: Record<string, unknown> = {
  "manifest.json": {
    stations: 300,
    shard: 100,
    words: ["12", "ab", "ba", "ia", "me", "vo"],
    numbers: ["1", "12"],
    thirds: ["i", "k"],
    common: ["lots"],
  },
  "w-12.json": { "12": [8, 10] },
  "w-ab.json": { abai: [1, -3, 200], abil: [50] },
  "w-ba.json": { baiterek: [3, 100] },
  "w-ia.json": { iakovlev: [77] },
  "w-me.json": { mektep: [3, 5] },
  "w-vo.json": { vostok: [103] },
  "t-i.json": ["baiterek"],
  "t-k.json": ["iakovlev", "mektep"],
  "n-1.json": { "1": [1] },
  "n-12.json": { "12": [204], "12-1": [40], "120": [11] },
};

function index(files = FILES): { index: Index; loaded: string[] } {
  const loaded: string[] = [];
  const load = (name: string): Promise<unknown> => {
    loaded.push(name);
    return name in files ? Promise.resolve(files[name]) : Promise.reject(new Error(name));
  };
  return { index: new Index(load), loaded };
}

async function found(query: string): Promise<readonly number[]> {
  return (await index().index.find(query)).stations;
}

test("distances and runs are read back", () => {
  assert.deepEqual(decode([6, -3, 12]), [5, 6, 7, 8, 20]);
  assert.deepEqual(decode([1, -2]), [0, 1, 2]);
  assert.deepEqual(decode([]), []);
});

test("a word is found in any spelling, and while it is typed", async () => {
  for (const query of ["Бәйтерек", "Бейтерек", "Beyterek", "beiterek", "Bejterek", "baiterek", "ул. Байтерек", "bai", "Bayter", "BAITERE"])
    assert.deepEqual(await found(query), [2, 102], query);
});

test("all words have to be there", async () => {
  assert.deepEqual(await found("Абай Бәйтерек"), [2]);
});

test("a kind of place narrows, and never hides", async () => {
  assert.deepEqual(await found("школа, ул. Абая"), [2]);
  assert.deepEqual(await found("школа Восток"), [102]);
  assert.deepEqual(await found("школа"), [2, 7]);
});

test("a number of a station comes before a house", async () => {
  assert.deepEqual(await found("012"), [203]);
  assert.deepEqual(await found("Абай 12"), [203]);
});

test("a house on a street comes before the station of that number, unless the visitor names a station", async () => {
  const files = { ...FILES, "w-12.json": { "12": [1] } };
  const order = async (query: string): Promise<readonly number[]> => (await index(files).index.find(query)).stations;
  for (const query of ["Абая 12", "ул. Абая, д. 12", "12 Abay"]) assert.deepEqual(await order(query), [0, 203], query);
  for (const query of ["УИК 12 Абай", "Абай, участок № 12", "Abay polling station 12"])
    assert.deepEqual(await order(query), [203, 0], query);
  assert.deepEqual(await order("12"), [203]);
});

test("a number beside a kind of place is a house as well", async () => {
  assert.deepEqual(await found("mektep 12"), [7]);
});

test("a number of several parts is one station, in its own order", async () => {
  assert.deepEqual(await found("№ 012-001"), [39]);
  assert.deepEqual(await found("1-12"), []);
});

test("a word that nothing has does not hide a number", async () => {
  const { stations, ignored } = await index().index.find("УИК 12 абракадабра");
  assert.deepEqual([stations, ignored], [[203], ["абракадабра"]]);
});

test("a number without exact matches is taken as the beginning of one", async () => {
  const files = { ...FILES, "n-12.json": { "120": [11] }, "w-12.json": {} };
  assert.deepEqual((await index(files).index.find("12")).stations, [10]);
});

test("a house that no address has is left out, and said so", async () => {
  const { stations, ignored } = await index().index.find("Бәйтерек 99");
  assert.deepEqual([stations, ignored], [[2, 102], ["99"]]);
});

test("a word that nothing has is left out beside others, and alone finds nothing", async () => {
  const { stations, ignored } = await index().index.find("Бәйтерек абракадабра");
  assert.deepEqual([stations, ignored], [[2, 102], ["абракадабра"]]);
  assert.deepEqual(await found("абракадабра"), []);
});

test("j is read as й where nothing is found with ж", async () => {
  assert.deepEqual(await found("Jakovleva"), [76]);
});

test("one typo in a long word is forgiven", async () => {
  for (const query of ["baitirek", "bauiterek", "baitrek", "batierek"])
    assert.deepEqual(await found(query), [2, 102], query);
  assert.deepEqual(await found("bautirek"), []);
});

test("a slip in the first two letters is forgiven where nothing else is found, for one more file", async () => {
  for (const query of ["abiterek", "Ebyterek", "vaiterek", "Буйтерек"])
    assert.deepEqual(await found(query), [2, 102], query);
  assert.deepEqual(await found("vuiterek"), []);
  const { index: one, loaded } = index();
  await one.find("vaiterek");
  assert.deepEqual(loaded, ["manifest.json", "t-i.json", "w-ba.json"]);
  await one.find("damodar");
  assert.equal(loaded.length, 3);
});

test("a word of nearly every address says that it is one", async () => {
  assert.equal((await index().index.find("Loc.")).common, true);
  assert.deepEqual((await index().index.find("Loc. Abay")).stations, [0, 1, 2, 3, 203]);
  assert.equal((await index().index.find("")).common, false);
});

test("few files are loaded, and each once", async () => {
  const { index: one, loaded } = index();
  await one.find("Абай Бәйтерек");
  await one.find("Бәйтерек");
  assert.deepEqual(loaded, ["manifest.json", "w-ab.json", "w-ba.json"]);
});

test("a file that failed is asked for again", async () => {
  let broken = true;
  const one = new Index((name) => (broken ? Promise.reject(new Error("offline")) : Promise.resolve(FILES[name])));
  await assert.rejects(one.find("Абай"), /offline/u);
  broken = false;
  assert.equal((await one.find("Абай")).stations.length, 5);
});

test("edit distance of one", () => {
  for (const [a, b] of [["abcde", "abxde"], ["abcde", "abde"], ["abcde", "abcdef"], ["abcde", "abdce"]] as const) {
    assert.ok(oneTypoApart(a, b) && oneTypoApart(b, a), `${a} ${b}`);
  }
  for (const [a, b] of [["abcde", "abcde"], ["abcde", "axxde"], ["abcde", "abc"], ["abcde", "edcba"]] as const) {
    assert.ok(!oneTypoApart(a, b), `${a} ${b}`);
  }
});
