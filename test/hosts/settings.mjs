// Settings of a VS Code that must show nothing but the document and the extension.

/** For tests: no dialogs, no welcome, no motion, nothing remembered. */
export const quiet = {
  'workbench.startupEditor': 'none',
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'window.commandCenter': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'editor.minimap.enabled': false,
  'editor.hover.delay': 100,
  'workbench.reduceMotion': 'on',
  'files.hotExit': 'off',
  'window.confirmBeforeClose': 'never',
};

/** For a person who tries the extension: as few changes as keep VS Code from asking things. */
export const friendly = {
  'workbench.startupEditor': 'readme',
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'editor.minimap.enabled': false,
};
