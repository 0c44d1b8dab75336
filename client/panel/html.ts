/** The panel's document: one script, nothing remote, nothing inline. */

export interface PageResources {
  /** Source that the webview serves resources from. */
  cspSource: string;
  nonce: string;
  script: string;
  icons: string;
  title: string;
  /** BCP 47 tag of the person's language. */
  language: string;
}

/**
 * `vscode-icon` copies the stylesheet with this id, and its nonce, into its
 * shadow roots; nothing else needs a `style-src` beyond the webview's own.
 */
const ICON_STYLES = 'vscode-codicon-stylesheet';

export function panelHtml({
  cspSource,
  nonce,
  script,
  icons,
  title,
  language,
}: PageResources): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
  return `<!doctype html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" id="${ICON_STYLES}" href="${escape(icons)}" nonce="${nonce}">
<title>${escape(title)}</title>
</head>
<body>
<attention-lens-panel></attention-lens-panel>
<script nonce="${nonce}" src="${escape(script)}"></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** A value that is used once, from the platform's cryptographic source. */
export function newNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
