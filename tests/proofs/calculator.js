// What npm's sms-segments-calculator says of each text: one JSON string a line in, one answer a line out.
const { SegmentedMessage } = require("sms-segments-calculator");
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const found = new SegmentedMessage(JSON.parse(line));
  const bits = found.encodingName === "GSM-7" ? 7 : 16;
  const answer = [found.encodingName, found.messageSize / bits, found.segmentsCount];
  process.stdout.write(JSON.stringify(answer) + "\n");
});
