from dataclasses import dataclass


@dataclass
class Options:
    by_date: bool = False
    public: bool = False
    tags: str = ""
    hold: bool = False

    def extra(self):
        out = {}
        if self.public:
            out["ACL"] = "public-read"
        if self.tags:
            out.update(Tagging=self.tags, TaggingDirective="REPLACE")
        return out
