import { render } from "preact";
import type { CampaignData } from "../campaign-data.ts";
import { CampaignSummary, Circumstances, Unknown } from "./campaign-facts.tsx";
import { CoverageSection } from "./coverage.tsx";
import { pageData, pageRoot } from "./data.ts";
import { Failures } from "./failures.tsx";
import { SeriesSection } from "./series.tsx";
import { Statements } from "./statements.tsx";
import { ThemeButton } from "./theme.tsx";

function CampaignPage({ data }: { readonly data: CampaignData }) {
  return (
    <>
      <header class="top">
        <span class="brand">Counterpoint</span>
        <span>campaign</span>
        <ThemeButton />
      </header>
      <main>
        <CampaignSummary data={data} />
        <Failures data={data} />
        <Unknown data={data} />
        <SeriesSection data={data} />
        <CoverageSection data={data} />
        <Statements data={data} />
        <Circumstances data={data} />
      </main>
    </>
  );
}

render(<CampaignPage data={pageData() as CampaignData} />, pageRoot());
