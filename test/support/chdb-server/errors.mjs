/** An error in the format of ClickHouse. */
export class ServerError extends Error {
  constructor(code, name, message) {
    super(`Code: ${code}. DB::Exception: ${message} (${name})`);
    this.code = code;
  }
}

/** Returns the code of a chdb error. Its message has the same format as the message of a ClickHouse server. */
export function codeOf(error) {
  return Number(/^Code: (\d+)\./.exec(error.message)?.[1] ?? 1001);
}

const statusOfCode = new Map([
  ...[516, 192, 193, 511].map((code) => [code, 403]),
  ...[6, 25, 26, 27, 36, 38, 41, 43, 53, 62, 69, 70, 72, 117, 130, 131].map((code) => [code, 400]),
  ...[46, 47, 50, 60, 81, 115].map((code) => [code, 404]),
  [159, 408],
  [48, 501],
  [203, 503],
]);

export function statusOf(code) {
  return statusOfCode.get(code) ?? 500;
}
