// What the scripts share: steering the sandbox, and running the cases of one client, a line for each.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const URL_OF_SANDBOX = process.env.SANDBOX_URL;
export const pathOf = (name) => join(process.env.SANDBOX_FILES, name);
export const file = (name) => readFileSync(pathOf(name));

export async function steer(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${URL_OF_SANDBOX}/_sandbox/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export function expect(isSo, otherwise = "") {
  if (!isSo) throw new Error(`not as expected ${JSON.stringify(otherwise)}`);
}

export async function refused(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("no refusal");
}

const inTime = (promise) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("no end")), 30_000).unref())]);

export async function run(cases) {
  for (const [name, body] of Object.entries(cases)) {
    try {
      await inTime(body());
      console.log(`ok ${name}`);
    } catch (error) {
      console.log(`no ${name}: ${String(error?.message ?? error).replaceAll(/\s+/g, " ").slice(0, 300)}`);
    }
  }
  process.exit(0);
}
