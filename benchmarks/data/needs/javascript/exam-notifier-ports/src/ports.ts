export interface Notice {
  user: string;
  text: string;
}

export interface Notifier {
  notify(notice: Notice): Promise<void>;
}

export interface Preferences {
  of(user: string): Promise<string>;
}

export const TOKENS = {
  preferences: Symbol("preferences"),
  mail: Symbol("mail"),
  push: Symbol("push"),
  fax: Symbol("fax"),
} as const;
