import { css } from 'lit';

/** The panel's element takes the whole page, without the margins VS Code gives to documents. */
const pageStyles = css`
  html,
  body {
    height: 100%;
    margin: 0;
    padding: 0;
    overflow: hidden;
  }
`;

/** What the elements expect of the page around them. */
export function preparePage(): void {
  if (pageStyles.styleSheet) document.adoptedStyleSheets.push(pageStyles.styleSheet);
  // The icons look for the page's icon font by this id.
  const link = document.querySelector('link[rel="stylesheet"][href*="codicon"]');
  if (link && !document.getElementById('vscode-codicon-stylesheet'))
    link.id = 'vscode-codicon-stylesheet';
}
