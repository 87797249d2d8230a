import { start } from "./button.ts";

start(document);
