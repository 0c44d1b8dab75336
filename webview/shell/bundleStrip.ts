import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PanelBundle } from '../protocol';

const ICONS: { readonly [state in PanelBundle['check']['state']]: string } = {
  running: 'loading',
  same: 'pass',
  different: 'warning',
  open: 'question',
};

/** Over the picture: what bundle is shown, and whether this machine gives the same numbers. */
@customElement('al-bundle')
export class BundleStrip extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 16px;
      padding: 4px 10px;
      font-size: 12px;
      line-height: 18px;
      font-variant-numeric: tabular-nums;
      border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      background: var(--vscode-editorWidget-background);
      color: var(--vscode-editorWidget-foreground, var(--vscode-foreground));
    }
    p {
      margin: 0;
      display: flex;
      gap: 6px;
      align-items: baseline;
    }
    vscode-icon {
      align-self: center;
      flex: none;
      color: inherit;
    }
    .about {
      flex: 1 1 300px;
    }
    .different vscode-icon {
      color: var(--vscode-editorWarning-foreground, inherit);
    }
  `;

  @property({ attribute: false }) bundle!: PanelBundle;

  override render(): TemplateResult {
    const { about, check } = this.bundle;
    return html`<p class="about"><vscode-icon name="archive"></vscode-icon><span>${about}</span></p>
      <p class=${check.state} role="status">
        <vscode-icon name=${ICONS[check.state]} ?spin=${check.state === 'running'}></vscode-icon>
        <span>${check.message}</span>
      </p>`;
  }
}

/** Nothing where the numbers are computed. */
export function bundleStrip(bundle: PanelBundle | undefined): TemplateResult | typeof nothing {
  return bundle ? html`<al-bundle .bundle=${bundle}></al-bundle>` : nothing;
}
