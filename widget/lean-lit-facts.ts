/** What is always so of Lit in this widget, in terms of Lit's sources. See `lean-lit.ts`. */
export interface Lean {
  /** A text of the source and what stands for it, wherever it occurs. */
  readonly always: readonly (readonly [text: string, instead: string])[];
  /** Members of classes that nobody calls. */
  readonly unused: readonly string[];
}

const production = ['const DEV_MODE = true', 'const DEV_MODE = false'] as const;
const none = (text: string): readonly [string, string] => [text, ''];

export const leanHtml: Lean = {
  always: [
    production,
    ['const ENABLE_EXTRA_SECURITY_HOOKS = true', 'const ENABLE_EXTRA_SECURITY_HOOKS = false'],
    // Every browser that runs this has shadow roots of its own.
    ['ENABLE_SHADYDOM_NOPATCH = true', 'ENABLE_SHADYDOM_NOPATCH = false'],
    ['wrap(', '('],
    ['    : global.litHtmlPolyfillSupport;', '    : undefined;'],
    none("(global.litHtmlVersions ??= []).push('3.3.3');"),
    // Templates are HTML, and literals.
    [
      `(strings[l] || '<?>') +
        (type === SVG_RESULT ? '</svg>' : type === MATHML_RESULT ? '</math>' : '')`,
      "(strings[l] || '<?>')",
    ],
    ['type === SVG_RESULT', 'false'],
    ['type === MATHML_RESULT', 'false'],
    ["typeof type === 'number'", 'true'],
    [
      'trustFromTemplateString(strings, htmlResult)',
      'policy !== undefined ? policy.createHTML(htmlResult) : htmlResult',
    ],
    // Nothing is bound in a comment, in raw text, in a name, to an element, in single quotes;
    // minify-literals.ts sees to it.
    ["match[COMMENT_START] === '!--'", 'false'],
    ['match[TAG_NAME] !== undefined', 'true'],
    ['rawTextElement.test(match[TAG_NAME])', 'false'],
    ['rawTextElement.test(node.tagName)', 'false'],
    ['match[ATTRIBUTE_NAME] === undefined', 'false'],
    ['s + marker + (attrNameEndIndex === -2 ? i : end)', 's + marker'],
    ['marker +\n                        end', 'marker'],
    ['node.hasAttributes()', 'true'],
    ["match[QUOTE_CHAR] === '\"'", 'true'],
    ['regex === doubleQuoteAttrEndRegex ||', 'true ||'],
    ['/<(?:(!--|\\/[^a-zA-Z])|(\\/?[a-zA-Z][^>\\s]*)|(\\/?$))/g', '/<\\/?[a-zA-Z][^>\\s]*/g'],
    ['|("|\')|)', '|(")|)'],
    ['`[ \\t\\n\\f\\r]`', '`\\\\s`'],
    ['[^ \\t\\n\\f\\r"', '[^\\\\s"'],
    ['name.startsWith(marker)', 'false'],
    ['templatePart.type === ATTRIBUTE_PART', 'true'],
    ['while ((i = node.data.indexOf(marker, i + 1)) !== -1)', 'while (false)'],
    // There are no directives.
    ['resolveDirective(this, value, directiveParent, 0)', 'value'],
    ['resolveDirective(this, value, directiveParent)', 'value'],
    ['resolveDirective(this, newListener, directiveParent, 0) ?? nothing', 'newListener'],
    [
      'resolveDirective(this, values[valueIndex + i], directiveParent, i)',
      'values[valueIndex + i]',
    ],
    ['(value, directiveParent = this, valueIndex, noCommit)', '(value, valueIndex)'],
    ['(newListener, directiveParent = this)', '(newListener)'],
    ['(values, part, i)', '(values, i)'],
    [' && !noCommit', ''],
    [' && value !== noChange', ''],
    ['v === noChange', 'false'],
    ['newListener === noChange', 'false'],
    none('this._$notifyConnectionChanged?.(false, true, from);'),
    none('this._$disconnectableChildren = undefined;'),
    none('this.__isConnected = options?.isConnected ?? true;'),
    none('this._$parent = parent;'),
    [', parent, options)', ', options)'],
    ['templatePart.strings, this, options)', 'templatePart.strings, options)'],
    ['createMarker()), this, this.options)', 'createMarker()), this.options)'],
    ['endNode, undefined, options ?? {}', 'endNode, options'],
    ['part !== undefined', 'true'],
    ...['ATTRIBUTE', 'CHILD'].map((name) => none(`this.type = ${name}_PART;`)),
    // A listener is a function, and there is always one.
    ['newListener === nothing', 'false'],
    ['newListener !== nothing', 'true'],
    ['newListener.capture !==\n                oldListener.capture', 'false'],
    ['newListener.once !==\n                oldListener.once', 'false'],
    ['newListener.passive !==\n                oldListener.passive', 'false'],
    ["typeof this._$committedValue === 'function'", 'true'],
    ['this.options?.host ?? this.element', 'this.options.host'],
    // What is shown is text, templates and lists of them.
    ['isIterable(value)', 'isArray(value)'],
    ['value.nodeType !== undefined', 'false'],
    ['options?.creationScope ?? d', 'd'],
    ['options?.renderBefore ?? container', 'container'],
    ['options?.renderBefore ?? null', 'null'],
  ],
  unused: [
    'TemplateInstance.parentNode',
    'TemplateInstance._$isConnected',
    'ChildPart._$isConnected',
    'ChildPart.parentNode',
    'ChildPart.startNode',
    'ChildPart.endNode',
    'ChildPart.setConnected',
    'AttributePart.tagName',
    'AttributePart._$isConnected',
    'PropertyPart.constructor',
    'BooleanAttributePart.constructor',
    'EventPart.constructor',
  ],
};

export const leanReactive: Lean = {
  always: [
    production,
    none("export * from './css-tag.js';"),
    none("import { getCompatibleStyle, adoptStyles, } from './css-tag.js';"),
    ['    : global.reactiveElementPolyfillSupport;', '    : undefined;'],
    none("(global.reactiveElementVersions ??= []).push('2.1.2');"),
    none("Symbol.metadata ??= Symbol('metadata');"),
    none('global.litPropertyMetadata ??= new WeakMap();'),
    ['this[Symbol.metadata]', 'null'],
    none('this.elementStyles = this.finalizeStyles(this.styles);'),
    none('ReactiveElement.elementStyles = [];'),
    none("ReactiveElement.shadowRootOptions = { mode: 'open' };"),
    ['superCtor._initializers !== undefined', 'false'],
    none('this.constructor._initializers?.forEach((i) => i(this));'),
    // Properties are named by strings; none has a converter, a comparison, an accessor or a
    // default of its own, and only flags are reflected.
    ['...getOwnPropertySymbols(props),', ''],
    ['this.prototype.hasOwnProperty(name)', 'false'],
    ['!options.noAccessor', 'true'],
    [
      `getOwnPropertyDescriptor(this.prototype, name) ?? {
            get() {`,
      `{
            get() {`,
    ],
    ['(name, options = defaultPropertyDeclaration)', '(name, options)'],
    [' ?? defaultPropertyDeclaration', ''],
    ['(options.hasChanged ?? notEqual)', 'notEqual'],
    ['options.useDefault', 'false'],
    ['{ useDefault, reflect, wrapped }, initializeValue', '{ reflect }'],
    ['if (useDefault && !(this.__defaultValues', 'if (false && !(this.__defaultValues'],
    ['!useDefault', 'true'],
    ['wrapped !== true || initializeValue !== undefined', 'true'],
    ['elementProperties.size > 0', 'false'],
    none('this.__defaultValues?.get(propName) ??'),
    ['global\n    .trustedTypes', 'undefined'],
    ['options.converter', 'undefined'],
    none('const elementProperties = this.constructor\n                .elementProperties;'),
    [
      ', getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols,',
      ', getOwnPropertyNames,',
    ],
    ['useNewValue === false', 'true'],
    ['useNewValue = false, newValue', 'newValue'],
    ['converter.fromAttribute(value, options.type)', 'options.type ? value !== null : value'],
    ['converter.toAttribute(value, options.type)', "value ? '' : null"],
    // Nobody refuses an update or listens to one.
    none('let shouldUpdate = false;'),
    none('shouldUpdate = this.shouldUpdate(changedProperties);'),
    none('shouldUpdate = false;'),
    ['if (shouldUpdate)', 'if (true)'],
    none('this.__controllers?.forEach((c) => c.hostUpdate?.());'),
    none('this.__controllers?.forEach((c) => c.hostUpdated?.());'),
    ['this.getUpdateComplete()', 'this.__updatePromise'],
  ],
  unused: [
    'ReactiveElement.addInitializer',
    'ReactiveElement.removeController',
    'ReactiveElement.finalizeStyles',
    'ReactiveElement.createRenderRoot',
    'ReactiveElement.getUpdateComplete',
    'ReactiveElement.shouldUpdate',
  ],
};

export const leanElement: Lean = {
  always: [
    production,
    none('global.litElementHydrateSupport?.({ LitElement });'),
    ['    : global.litElementPolyfillSupport;', '    : undefined;'],
    none('polyfillSupport?.({ LitElement });'),
    none("(global.litElementVersions ??= []).push('4.2.2');"),
    none("LitElement['_$litElement$'] = true;"),
    none('this.renderOptions.isConnected = this.isConnected;'),
    none('this.__childPart = undefined;'),
    ['this.__childPart = render(', 'render('],
  ],
  unused: [
    'LitElement.createRenderRoot',
    'LitElement.connectedCallback',
    'LitElement.disconnectedCallback',
    'LitElement.render',
  ],
};
