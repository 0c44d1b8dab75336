import type { TemplateResult } from 'lit';
import type { Theme } from '../color/theme';
import type { Session } from '../session/session';
import type { PanelString } from '../strings';

export interface ViewContext {
  session: Session;
  theme: Theme;
  /** Changes to the view with this id. */
  show: (view: string) => void;
}

/** One way of looking at the document: a file of its own, listed once. */
export interface View {
  /** Kept in the saved state. */
  id: string;
  title: PanelString;
  /** A codicon's name. */
  icon: string;
  /** The view shows all heads itself: the rail would be the same again, only smaller. */
  isRail?: boolean;
  /** The view is not of heads: it needs neither the rail nor the inspector. */
  isAlone?: boolean;
  /** What stands where the heads' thumbnails stand otherwise; null: the thumbnails. */
  rail?(context: ViewContext): TemplateResult | null;
  /** What stands above the inspector. */
  aside?(context: ViewContext): TemplateResult;
  /** The picture: one element, which may be {@link Fittable}. */
  render(context: ViewContext): TemplateResult;
  /** One sentence that says what is shown. */
  sentence(session: Session): string;
}

/** A view's element that can show all of its picture at once. */
export interface Fittable {
  fit(): void;
}

export function isFittable(element: object | null | undefined): element is Fittable {
  return !!element && 'fit' in element && typeof element.fit === 'function';
}
