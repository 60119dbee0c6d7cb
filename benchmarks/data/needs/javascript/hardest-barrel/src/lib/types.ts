export interface Verdict {
  key: string;
  bad: boolean;
}
