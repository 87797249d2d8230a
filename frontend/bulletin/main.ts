import { start } from "./page.ts";

start(document);
