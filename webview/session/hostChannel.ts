import type { Channel } from '../../channel/channel';
import type { HostSide, PanelSide } from '../protocol';

/** The page's end of its channel to the extension host. */
export type HostChannel = Channel<PanelSide, HostSide>;
