/** A Python of this test run's own, with packages from the index, in a directory of its own. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = join(tmpdir(), "queryforge-e2e-python-");

function run(program, args, timeout) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout }, (error, stdout, stderr) => (error ? reject(new Error(`${error.message}\n${stderr}`)) : resolve(stdout)));
  });
}

/** `{program, remove}`, or `{missing}`: why there is none. */
export async function python(...packages) {
  const dir = await mkdtemp(PREFIX);
  const remove = async () => {
    if (!dir.startsWith(PREFIX)) throw new Error(`${dir} is not ours to remove`);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await run("python3", ["-m", "venv", dir], 60_000);
    await run(join(dir, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "15", ...packages], 120_000);
    return { program: join(dir, "bin", "python"), remove };
  } catch (error) {
    await remove();
    return { missing: `no Python with ${packages.join(", ")}: ${String(error.message).split("\n")[0]}` };
  }
}
