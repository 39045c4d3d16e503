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
  const program = join(dir, "bin", "python");
  const install = ["install", "--quiet", "--disable-pip-version-check", "--no-compile", "--retries", "1", "--timeout", "15", ...packages];
  try {
    // a pip of its own is most of what an environment costs
    await run("python3", ["-m", "venv", "--without-pip", dir], 60_000);
    try {
      await run("python3", ["-m", "pip", "--python", program, ...install], 120_000);
    } catch {
      await run("python3", ["-m", "venv", "--clear", dir], 120_000);
      await run(program, ["-m", "pip", ...install], 120_000);
    }
    return { program, remove };
  } catch (error) {
    await remove();
    return { missing: `no Python with ${packages.join(", ")}: ${String(error.message).split("\n")[0]}` };
  }
}
