import { Channel } from '../channel/channel';
import { hostPort, webviewApi } from './host';
import { preparePage } from './page';
import type { HostSide, PanelSide } from './protocol';
import { Session } from './session/session';
import { Panel } from './shell/panel';

preparePage();
const api = webviewApi();
const session = new Session(new Channel<PanelSide, HostSide>(hostPort(api)), api);
customElements.define(
  'attention-lens-panel',
  class extends Panel {
    constructor() {
      super(session);
    }
  },
);
void session.start();
