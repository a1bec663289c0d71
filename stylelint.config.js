export default {
  extends: ['stylelint-config-standard'],
  ignoreFiles: ['**/.svelte-kit/**', '**/dist/**', '**/node_modules/**'],
  overrides: [{ files: ['**/*.svelte'], customSyntax: 'postcss-html' }],
  rules: {
    'selector-pseudo-class-no-unknown': [true, { ignorePseudoClasses: ['global'] }],
    'custom-property-pattern': null,
    'no-descending-specificity': null,
    // Colours live in one file of tokens, where both themes can be seen side by side.
    'color-no-hex': true,
  },
};
