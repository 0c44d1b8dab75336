/** Main-thread time of a page, because what else the machine does hardly changes it. */
import type { CDPSession } from 'playwright-core';
import type { PanelPage } from '../../webview/panelPage';

export class Meter {
  readonly #panel: PanelPage;
  readonly #session: CDPSession;

  private constructor(panel: PanelPage, session: CDPSession) {
    this.#panel = panel;
    this.#session = session;
  }

  static async of(panel: PanelPage): Promise<Meter> {
    const session = await panel.page.context().newCDPSession(panel.page);
    // Time that the thread ran, not time that went by.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new Meter(panel, session);
  }

  /** Milliseconds from now until all that the work brought about is drawn. */
  async costOf(work: () => Promise<unknown>): Promise<number> {
    const before = await this.#taskMs();
    await work();
    await this.#panel.settled();
    return (await this.#taskMs()) - before;
  }

  async #taskMs(): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  }
}
