/** What the page asks about the window looked at: handed to the server, and its answers back. */
import {
  panelDocumentMap,
  panelExplanation,
  panelOverview,
  panelPosition,
  panelPositionEffect,
  panelPositionShare,
  panelRegion,
  panelRow,
  panelStages,
  panelStatistics,
} from './answers';
import type { Gaze } from './gaze';
import type { PageChannel } from './pages';

/** Each answer belongs to the generation that was asked about, or fails with `stale`. */
export function answerData(channel: PageChannel, gaze: Gaze): void {
  answerAttention(channel, gaze);
  answerPosition(channel, gaze);
}

function answerAttention(channel: PageChannel, gaze: Gaze): void {
  channel.handle('overview', async ({ generation, ...rest }, signal) => {
    // They take longer than the pictures, which need not wait for them.
    const what = { ...rest, statistics: false };
    const answer = await gaze.ask('attentionLens/overview', what, generation, signal);
    return panelOverview(generation, answer);
  });
  channel.handle('statistics', async ({ generation, within, ...rest }, signal) => {
    const what = { ...rest, ...(within !== null && { within }) };
    const answer = await gaze.ask('attentionLens/statistics', what, generation, signal);
    return panelStatistics(generation, answer);
  });
  channel.handle('region', async ({ generation, selection, rows, columns, ...rest }, signal) => {
    const what = { ...selection, ...rest, size: { rows, columns } };
    return panelRegion(generation, await gaze.ask('attentionLens/map', what, generation, signal));
  });
  channel.handle('documentMap', async ({ generation, selection, ...rest }, signal) => {
    const what = { ...selection, ...rest };
    const answer = await gaze.ask('attentionLens/documentMap', what, generation, signal);
    return panelDocumentMap(generation, answer);
  });
  channel.handle('row', async ({ generation, selection, ...rest }, signal) => {
    const what = { ...selection, ...rest };
    return panelRow(generation, await gaze.ask('attentionLens/row', what, generation, signal));
  });
  channel.handle('explain', async ({ generation, ...what }, signal) =>
    panelExplanation(generation, await gaze.ask('attentionLens/explain', what, generation, signal)),
  );
  channel.handle('stages', async ({ generation, key, ...rest }, signal) => {
    const what = { ...rest, ...(key !== null && { key }) };
    return panelStages(
      generation,
      await gaze.ask('attentionLens/stages', what, generation, signal),
    );
  });
}

function answerPosition(channel: PageChannel, gaze: Gaze): void {
  channel.handle('position', async ({ generation, token, ...rest }, signal) => {
    const what = { ...rest, ...(token !== null && { token }) };
    const answer = await gaze.ask('attentionLens/position', what, generation, signal);
    const position = panelPosition(generation, answer);
    // The place that names the window stands on a token of its own.
    return token === null ? { ...position, ...OF_NO_TOKEN } : position;
  });
  channel.handle('positionEffect', async ({ generation, encoding }, signal) =>
    panelPositionEffect(
      generation,
      await gaze.ask('attentionLens/positionEffect', { encoding }, generation, signal),
    ),
  );
  channel.handle('positionShare', async ({ generation, ...what }, signal) =>
    panelPositionShare(
      generation,
      await gaze.ask('attentionLens/positionShare', what, generation, signal),
    ),
  );
}

const OF_NO_TOKEN = { token: null, tokenPosition: null, angles: null, formula: null };
