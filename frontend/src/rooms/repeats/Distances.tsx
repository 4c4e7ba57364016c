/** How far apart pairs of crops are: bits of both hashes as a field, or correlation as bars, with the lines drawn in. */
import { useWords } from "../../words/words";
import { shadeOf } from "./answering";
import type { Lines, ThresholdSheet } from "./api";

const BITS = 33;

export function Distances({ sheet, lines }: { sheet: ThresholdSheet; lines: Lines }) {
  return sheet.way === "hashes" ? <OfBits sheet={sheet} lines={lines} /> : <OfCorrelation sheet={sheet} lines={lines} />;
}

function OfBits({ sheet, lines }: { sheet: ThresholdSheet; lines: Lines }) {
  const { repeats, number } = useWords();
  const most = Math.max(...sheet.by_bits.map(([, , count]) => count), 1);
  const under = sheet.by_bits.reduce((sum, [a, p, count]) => sum + (a < lines.average_bits && p < lines.perceptual_bits ? count : 0), 0);
  const told = repeats.pairsUnder(under);
  return (
    <figure className="distances" dir="ltr">
      <svg viewBox="-5 -1 40 41" role="img" aria-label={`${repeats.ofBits}. ${told}`}>
        <rect className="distances-ground" width={BITS} height={BITS} />
        <rect className="distances-inside" y={BITS - lines.perceptual_bits} width={Math.min(lines.average_bits, BITS)} height={Math.min(lines.perceptual_bits, BITS)} />
        {sheet.by_bits.map(([a, p, count]) => (
          <rect key={`${a} ${p}`} className="distances-pair" x={a} y={BITS - 1 - p} width={1} height={1} opacity={0.15 + 0.85 * shadeOf(count, most)}>
            <title>{repeats.bitsOfPairs(a, p, count)}</title>
          </rect>
        ))}
        <path className="distances-line" d={`M${lines.average_bits} ${BITS}V${BITS - lines.perceptual_bits}H0`} />
        {[0, 8, 16, 24, 32].map((bits) => (
          <g key={bits} className="distances-tick">
            <text x={bits + 0.5} y={BITS + 2} textAnchor="middle">
              {number(bits)}
            </text>
            <text x={-0.6} y={BITS - bits + 0.2} textAnchor="end">
              {number(bits)}
            </text>
          </g>
        ))}
        <text className="distances-name" x={BITS / 2} y={BITS + 5} textAnchor="middle">
          {repeats.averageBits}
        </text>
        <text className="distances-name" transform={`translate(-3.4 ${BITS / 2}) rotate(-90)`} textAnchor="middle">
          {repeats.perceptualBits}
        </text>
      </svg>
      <figcaption className="quiet" dir="auto">
        {told}
      </figcaption>
    </figure>
  );
}

function OfCorrelation({ sheet, lines }: { sheet: ThresholdSheet; lines: Lines }) {
  const { repeats, number } = useWords();
  const most = Math.max(...sheet.by_correlation, 1);
  const wide = sheet.by_correlation.length;
  const at = ((lines.correlation - sheet.lowest) / (1 - sheet.lowest)) * wide;
  const total = sheet.by_correlation.reduce((sum, count) => sum + count, 0);
  const told = total === 0 ? repeats.noNear : repeats.pairsNear(total, sheet.lowest);
  return (
    <figure className="distances" dir="ltr">
      <svg viewBox={`-1 -1 ${wide + 2} 14`} role="img" aria-label={`${repeats.ofCorrelation}. ${told}`}>
        <rect className="distances-ground" width={wide} height={10} />
        {sheet.by_correlation.map((count, place) => (
          <rect key={place} className="distances-pair" x={place + 0.1} width={0.8} y={10 - 10 * shadeOf(count, most)} height={10 * shadeOf(count, most)}>
            <title>{repeats.correlationOfPairs(sheet.lowest + place / 100, count)}</title>
          </rect>
        ))}
        <path className="distances-line" d={`M${at} 10V0`} />
        {[0, wide / 2, wide].map((place) => (
          <text key={place} className="distances-tick small" x={place} y={11.4} textAnchor="middle">
            {number(sheet.lowest + place / 100)}
          </text>
        ))}
        <text className="distances-name small" x={wide / 2} y={12.8} textAnchor="middle">
          {repeats.correlation}
        </text>
      </svg>
      <figcaption className="quiet" dir="auto">
        {told}
      </figcaption>
    </figure>
  );
}
