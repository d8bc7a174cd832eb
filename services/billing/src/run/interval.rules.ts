import { fromLocalTime } from '@steward/kernel';
import { readSeries, type BandSpan, type IntervalReading } from '../reading/interval-series.rules.js';
import { tariffsFor } from '../tariff/applicable.rules.js';
import { dayBeside, type Interval, type Tariff } from '../tariff/tariff.rules.js';
import { Assessment, type Assessed, type Known, type Subject } from './assessment.js';
import { paidPieces, rated, uncharged } from './recurring.rules.js';

/** The series of an interval meter, and where its days begin. */
export type SeriesOf = Readonly<{
  readings: readonly IntervalReading[];
  minutes: number;
  timeZone: string;
  /** Charge what was measured although intervals are missing. */
  acceptGaps: boolean;
}>;

/** BIL-02: what an interval meter measured in a period, by the bands of its tariff. Days with gaps wait unless accepted. */
export function assessInterval(subject: Subject, period: Interval, series: SeriesOf, known: Known): Assessed {
  const found = new Assessment(subject);
  for (const free of uncharged(period, known.charged)) {
    const { missing } = readSeries(series.readings, placeOf(free, series, []));
    const intervals = missing.reduce((sum, gap) => sum + gap.intervals, 0);
    if (intervals > 0)
      found.problem(free, 'billing.intervals-missing', `${intervals} intervals are missing.`);
    if (intervals > 0 && !series.acceptGaps) continue;
    for (const piece of paidPieces(found, free, known))
      found.attempt(piece, () => {
        const tariffs = tariffsFor(subject, piece, known.tariffs);
        const bands = tariffs.flatMap((tariff) => bandsUnder(tariff, series));
        return rated(
          subject,
          piece,
          tariffs,
          { usage: { bands }, area: subject.area },
          { missing: intervals },
        );
      });
  }
  return found;
}

/** Use by day and band on the days of a tariff, by its own bands of the day. */
function bandsUnder({ validFrom: from, validTo: to, terms }: Tariff, series: SeriesOf) {
  const { spans = [] } = terms as { spans?: readonly BandSpan[] };
  return readSeries(series.readings, placeOf({ from, to: to! }, series, spans)).bands;
}

const placeOf = ({ from, to }: Interval, { minutes, timeZone }: SeriesOf, spans: readonly BandSpan[]) => ({
  from: fromLocalTime(`${from}T00:00:00`, timeZone),
  to: fromLocalTime(`${dayBeside(to, 1)}T00:00:00`, timeZone),
  minutes,
  timeZone,
  spans,
});
