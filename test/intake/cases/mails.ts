// Mails as brokers of several countries write them, made up, with what a careful reader finds in each.
import type { ExtractedFields } from '@workitem-hub/client/contract';

export interface MailCase {
  name: string;
  from: string;
  to?: string;
  subject: string;
  /** ISO 8601; the mail was received in spring 2026 when absent. */
  received?: string;
  /** Text or HTML. */
  body: string;
  fields: Partial<ExtractedFields>;
}

const HUB = 'submissions@northgale.example.com';

export const MAIL_CASES: MailCase[] = [
  {
    name: 'UK: labels with dashes, PI abbreviation in the subject',
    from: 'Tom Ashby <tom@ashbyreed.co.uk>',
    to: HUB,
    subject: 'PI renewal - Cobalt Surveying LLP',
    body: `Morning,

Insured - Cobalt Surveying LLP
Limit of indemnity - £3m any one claim
Renewal date - 06/05/2026
Fees - £1,250,000
Current premium - £22,000

Many thanks
Tom Ashby
Ashby Reed Insurance Brokers Ltd
0117 496 0121`,
    fields: {
      insured_name: 'Cobalt Surveying LLP',
      policy_type: 'Professional Indemnity',
      coverage_amount: '£3,000,000',
      effective_date: '2026-05-06',
      broker: 'Ashby Reed Insurance Brokers Ltd',
    },
  },
  {
    name: 'US: prose only',
    from: 'mwong@baysideins.com',
    to: HUB,
    subject: 'Umbrella quote needed',
    body: `Hi there,

Our client, Granite Falls Lumber Co., is looking for a $10M umbrella effective 5/1/2026. Underlying GL is $1M/$2M with Travelers. Annual sales are about $42 million and payroll is $6.1M.

Let me know what else you need.

Thanks!
Mei Wong
Bayside Insurance Services
(415) 555-0133`,
    fields: {
      insured_name: 'Granite Falls Lumber Co.',
      policy_type: 'Umbrella/Excess',
      coverage_amount: '$10,000,000',
      effective_date: '2026-05-01',
      broker: 'Bayside Insurance Services',
    },
  },
  {
    name: 'US: table in HTML with labels on top',
    from: 'subs@pinecrest-agency.com',
    subject: 'BOP submission',
    body: `<html><body><p>Please quote the following:</p><table><tr><th>Named Insured</th><th>Line of Business</th><th>Limit</th><th>Effective Date</th></tr>
<tr><td>Larkin Dental PLLC</td><td>BOP</td><td>$2,000,000</td><td>04/15/2026</td></tr></table><p>Sincerely,<br>Anna Cole<br>Pinecrest Agency, LLC</p></body></html>`,
    fields: {
      insured_name: 'Larkin Dental PLLC',
      policy_type: 'Business Owners Package',
      coverage_amount: '$2,000,000',
      effective_date: '2026-04-15',
      broker: 'Pinecrest Agency, LLC',
    },
  },
  {
    name: 'DE: German labels, dotted date, Mio.',
    from: 'Jörg Brandt <brandt@hansekontor-makler.de>',
    to: HUB,
    subject: 'Anfrage Produkthaftpflicht',
    body: `Sehr geehrte Damen und Herren,

Versicherungsnehmer: Elbtor Ventile GmbH & Co. KG
Sparte: Produkthaftpflicht
Versicherungssumme: 5 Mio. EUR je Schadenfall
Selbstbehalt: 10.000 EUR
Versicherungsbeginn: 01.07.2026
Umsatz: 38.500.000 EUR

Mit freundlichen Grüßen
Jörg Brandt
Hansekontor Versicherungsmakler GmbH
Tel. 040 5550 1234`,
    fields: {
      insured_name: 'Elbtor Ventile GmbH & Co. KG',
      policy_type: 'Product Liability',
      coverage_amount: '€5,000,000',
      effective_date: '2026-07-01',
      broker: 'Hansekontor Versicherungsmakler GmbH',
    },
  },
  {
    name: 'FR: French labels and a written month',
    from: 'c.morel@cabinet-rivoire.fr',
    to: HUB,
    subject: 'Demande de devis - Cyber',
    body: `Bonjour,

Souscripteur : Boulangeries Valmont SAS
Garantie : Cyber
Plafond : 1 500 000 €
Franchise : 5 000 €
Date d'effet : 1er septembre 2026
Chiffre d'affaires : 12 300 000 €

Cordialement,
Claire Morel
Cabinet Rivoire Courtage SARL`,
    fields: {
      insured_name: 'Boulangeries Valmont SAS',
      policy_type: 'Cyber',
      coverage_amount: '€1,500,000',
      effective_date: '2026-09-01',
      broker: 'Cabinet Rivoire Courtage SARL',
    },
  },
  {
    name: 'AU: dollars are Australian, day before month',
    from: 'Jack Nolan <jack.nolan@redgumbroking.com.au>',
    to: HUB,
    subject: 'New business: Coastal Skin Clinics Pty Ltd - Medical malpractice',
    body: `Hi team

Could you please provide terms for Coastal Skin Clinics Pty Ltd.

Class of business: Professional Indemnity
Sum Insured: $20,000,000 any one claim
Period of insurance: 01/07/2026 - 01/07/2027
Turnover: $4.2m
Excess: $10,000

Cheers
Jack Nolan
Account Manager
Red Gum Broking Pty Ltd`,
    fields: {
      insured_name: 'Coastal Skin Clinics Pty Ltd',
      policy_type: 'Professional Indemnity',
      coverage_amount: 'AUD 20,000,000',
      effective_date: '2026-07-01',
      broker: 'Red Gum Broking Pty Ltd',
    },
  },
  {
    name: 'US: per occurrence, shared scale, ACORD words',
    from: 'Dana Whitfield <dana@whitfieldgroup.com>',
    subject: 'GL - Summit Crane & Rigging, Inc.',
    body: `Please see attached ACORD 125/126.

Applicant: Summit Crane & Rigging, Inc.
Lines: GL
Limits: $2/$4 million
Eff: 6/1/26
Payroll: $1,900,000
Target premium: $85,000

Dana Whitfield, CPCU
Whitfield Insurance Group
Lic# 0G12345`,
    fields: {
      insured_name: 'Summit Crane & Rigging, Inc.',
      policy_type: 'General Liability',
      coverage_amount: '$2,000,000',
      effective_date: '2026-06-01',
      broker: 'Whitfield Insurance Group',
    },
  },
  {
    name: 'forwarded by an underwriter in Outlook style, without recipients of the outer mail',
    from: 'Priya Raman <priya.raman@northgale.example.com>',
    subject: 'FW: Contractors All Risks - Stonebridge Build Ltd',
    body: `One for the pool.

Priya
Underwriter, Northgale Specialty Ltd

________________________________
From: Alan Birch <alan.birch@birchandlowe.co.uk>
Sent: 02 March 2026 09:14
To: Priya Raman
Subject: Contractors All Risks - Stonebridge Build Ltd

Hi Priya

Stonebridge Build Ltd are after a contract works policy from 1 April 2026. Max contract value £2,400,000, limit £2,500,000 any one contract.

Kind regards
Alan

Alan Birch
Birch & Lowe LLP`,
    fields: {
      insured_name: 'Stonebridge Build Ltd',
      policy_type: 'Builders Risk',
      coverage_amount: '£2,500,000',
      effective_date: '2026-04-01',
      broker: 'Birch & Lowe LLP',
    },
  },
  {
    name: 'reply: the newest words are the broker’s own, the quoted ones the hub’s',
    from: 'Rosa Lindqvist <rosa@fjordrisk.se>',
    to: HUB,
    subject: 'RE: Marine cargo - Norrhavn Timber AB',
    body: `Hello,

As asked: the limit is SEK 40,000,000 per conveyance and cover should start 2026-06-15.

Best regards
Rosa Lindqvist
Fjord Risk Försäkringsmäklare AB

From: Northgale Submissions <submissions@northgale.example.com>
Sent: Monday, 2 March 2026 10:00
To: Rosa Lindqvist <rosa@fjordrisk.se>
Subject: RE: Marine cargo - Norrhavn Timber AB

Dear Rosa, what limit do you need, and from when?

Regards
Northgale Specialty Ltd`,
    fields: {
      insured_name: 'Norrhavn Timber AB',
      policy_type: 'Marine Cargo',
      coverage_amount: 'SEK 40,000,000',
      effective_date: '2026-06-15',
      broker: 'Fjord Risk Försäkringsmäklare AB',
    },
  },
  {
    name: 'decoys everywhere, no limit, no date',
    from: 'kevin@oldmillrisk.com',
    subject: 'Property submission - Harrow Cold Storage LLC',
    body: `Please review the property schedule for Harrow Cold Storage LLC.

Revenue: $12,000,000
Expiring premium: $144,000
Deductible: $50,000
Losses paid: $310,000
Expiration date: 08/31/2026
We need your quote by 07/15/2026.

Kevin Marsh
Old Mill Risk Advisors, Inc.`,
    fields: {
      insured_name: 'Harrow Cold Storage LLC',
      policy_type: 'Commercial Property',
      coverage_amount: null,
      effective_date: null,
      broker: 'Old Mill Risk Advisors, Inc.',
    },
  },
  {
    name: 'nothing of a submission',
    from: 'someone@gmail.com',
    subject: 'Lunch on Friday?',
    body: 'Are you free on Friday? I was thinking of the Italian place.\n\nSam',
    fields: { insured_name: null, policy_type: null, coverage_amount: null, effective_date: null, broker: null },
  },
  {
    name: 'UK: property owners, sum insured in a sentence',
    from: 'Helen Marsden <helen.marsden@marsdengrey.co.uk>',
    to: HUB,
    subject: 'Enquiry: Property Owners - Calder Court (Leeds) Limited',
    body: `Dear Underwriters,

We act for Calder Court (Leeds) Limited and seek terms for property owners cover with effect from 24th June 2026. The total sum insured is £14.5 million. Rent roll is £1.1m, and the expiring excess is £1,000.

Yours sincerely,

Helen Marsden ACII
Marsden Grey Insurance Brokers Limited
Authorised and regulated by the Financial Conduct Authority`,
    fields: {
      insured_name: 'Calder Court (Leeds) Limited',
      policy_type: 'Commercial Property',
      coverage_amount: '£14,500,000',
      effective_date: '2026-06-24',
      broker: 'Marsden Grey Insurance Brokers Limited',
    },
  },
  {
    name: 'US: workers comp, labels on their own lines',
    from: 'Luis Ortega <lortega@mesaverdeins.com>',
    subject: 'WC',
    body: `Named Insured
Copperline Electric LLC

Coverage
Workers' Compensation

Effective Date
July 1, 2026

Annual Payroll
$2,350,000

Luis Ortega
Mesa Verde Insurance LLC`,
    fields: {
      insured_name: 'Copperline Electric LLC',
      policy_type: 'Workers Compensation',
      coverage_amount: null,
      effective_date: '2026-07-01',
      broker: 'Mesa Verde Insurance LLC',
    },
  },
  {
    name: 'NL: Dutch labels',
    from: 'Pieter Bos <p.bos@bosvanleer.nl>',
    to: HUB,
    subject: 'Aanvraag bestuurdersaansprakelijkheid',
    body: `Geachte heer, mevrouw,

Verzekeringnemer: Waalkade Logistiek B.V.
Dekking: Bestuurdersaansprakelijkheid
Verzekerd bedrag: € 2.500.000,-
Eigen risico: € 10.000,-
Ingangsdatum: 1 mei 2026

Met vriendelijke groet,
Pieter Bos
Bos & Van Leer Assurantiën B.V.`,
    fields: {
      insured_name: 'Waalkade Logistiek B.V.',
      policy_type: 'Directors & Officers',
      coverage_amount: '€2,500,000',
      effective_date: '2026-05-01',
      broker: 'Bos & Van Leer Assurantiën B.V.',
    },
  },
  {
    name: 'ES: Spanish labels',
    from: 'Lucía Romero <lromero@correduriasolano.es>',
    to: HUB,
    subject: 'Solicitud de cotización RC Profesional',
    body: `Buenos días:

Tomador: Estudio Almenara S.L.
Ramo: Responsabilidad civil profesional
Límite: 600.000 € por siniestro
Franquicia: 3.000 €
Fecha de efecto: 15 de junio de 2026

Un saludo,
Lucía Romero
Correduría de Seguros Solano, S.L.`,
    fields: {
      insured_name: 'Estudio Almenara S.L.',
      policy_type: 'Professional Indemnity',
      coverage_amount: '€600,000',
      effective_date: '2026-06-15',
      broker: 'Correduría de Seguros Solano, S.L.',
    },
  },
  {
    name: 'US: EPL in prose with an amount in words',
    from: 'Grace Kim <grace.kim@harborlightins.com>',
    subject: 'Submission: Bright Path Learning Centers, LLC / EPLI',
    body: `Hello,

Attached is the EPLI application. The insured would like a limit of two million dollars with a $25,000 retention, effective September 1, 2026. There are 140 employees and revenue of $9M.

Best,
Grace Kim
Harborlight Insurance Partners, LLC`,
    fields: {
      insured_name: 'Bright Path Learning Centers, LLC',
      policy_type: 'Employment Practices',
      coverage_amount: '$2,000,000',
      effective_date: '2026-09-01',
      broker: 'Harborlight Insurance Partners, LLC',
    },
  },
  {
    name: 'UK: environmental, requested against expiring limit',
    from: 'Owen Price <oprice@severnvale.co.uk>',
    to: HUB,
    subject: 'Pollution Legal Liability – Brockhurst Waste Management Ltd',
    body: `Hi all,

Client: Brockhurst Waste Management Ltd
Cover: Environmental Impairment Liability
Expiring limit: £2,000,000
Limit required: £5,000,000 each and every loss
Inception date: 30/09/2026
Retro date: 30/09/2019

Thanks
Owen Price | Severn Vale Broking Ltd | 01452 960 111`,
    fields: {
      insured_name: 'Brockhurst Waste Management Ltd',
      policy_type: 'Environmental',
      coverage_amount: '£5,000,000',
      effective_date: '2026-09-30',
      broker: 'Severn Vale Broking Ltd',
    },
  },
  {
    name: 'US: crime, bare numbers in a mail that speaks of dollars',
    from: 'Pat Doyle <pdoyle@doylesurety.com>',
    subject: 'Commercial crime for Fairmont Credit Services Inc',
    body: `Insured: Fairmont Credit Services Inc
Coverage: Commercial Crime
Limit: 1MM
Retention: $10,000
Effective: 3/15/2026

Regards,
Pat Doyle
Doyle Surety & Insurance`,
    fields: {
      insured_name: 'Fairmont Credit Services Inc',
      policy_type: 'Crime',
      coverage_amount: '$1,000,000',
      effective_date: '2026-03-15',
      broker: 'Doyle Surety & Insurance',
    },
  },
  {
    name: 'IE: euro, d/m/y, name without a legal form',
    from: 'Aoife Brennan <aoife@brennanbrokers.ie>',
    to: HUB,
    subject: 'The Copper Kettle - public liability',
    body: `Hi,

Name of insured: The Copper Kettle
Business: Café and bakery
Cover required: Public liability
Limit of indemnity: €6.5m
Start date: 04/05/2026

Thanks,
Aoife Brennan
Brennan Brokers`,
    fields: {
      insured_name: 'The Copper Kettle',
      policy_type: 'General Liability',
      coverage_amount: '€6,500,000',
      effective_date: '2026-05-04',
      broker: 'Brennan Brokers',
    },
  },
  {
    name: 'US: Markdown bold labels, sign-off above the data',
    from: 'Tanya Reyes <treyes@crestlinewholesale.com>',
    subject: 'Builders Risk | Palisade Homes LLC',
    body: `**Insured:** Palisade Homes LLC
**Coverage:** Builder's Risk
**Limit:** $3,750,000
**Effective:** 2026-04-20
**Project cost:** $4,100,000

Thank you,
Tanya Reyes
Crestline Wholesale Insurance Brokerage`,
    fields: {
      insured_name: 'Palisade Homes LLC',
      policy_type: 'Builders Risk',
      coverage_amount: '$3,750,000',
      effective_date: '2026-04-20',
      broker: 'Crestline Wholesale Insurance Brokerage',
    },
  },
  {
    name: 'one line with semicolons, broker by label',
    from: 'intake-robot@portal.example.com',
    subject: 'Portal submission 4711',
    body: 'Insured: Meridian Freight Ltd; Class: Goods in Transit; Limit: GBP 185,000; Inception: 12 June 2026; Broker: Quayside Marine Brokers Ltd',
    fields: {
      insured_name: 'Meridian Freight Ltd',
      policy_type: 'Marine Cargo',
      coverage_amount: '£185,000',
      effective_date: '2026-06-12',
      broker: 'Quayside Marine Brokers Ltd',
    },
  },
  {
    name: 'numeric date without any sign of a country stays unread',
    from: 'desk@example.org',
    subject: 'Cyber - Halden Systems',
    body: 'Insured: Halden Systems\nStart: 03/04/2026\nLimit: to be advised',
    fields: {
      insured_name: 'Halden Systems',
      policy_type: 'Cyber',
      coverage_amount: null,
      effective_date: null,
      broker: null,
    },
  },
  {
    name: 'NZ: dollars of New Zealand, day and month without a year',
    from: 'Hemi Walker <hemi@tuibrokers.co.nz>',
    to: HUB,
    subject: 'Motor fleet - Southern Alps Couriers Limited',
    body: `Kia ora,

Please quote the commercial motor fleet for Southern Alps Couriers Limited from 1 June. Third party limit is $20,000,000. 18 vans, fleet value $640,000, excess $1,000.

Nga mihi
Hemi Walker
Tui Brokers Ltd`,
    fields: {
      insured_name: 'Southern Alps Couriers Limited',
      policy_type: 'Commercial Auto',
      coverage_amount: 'NZD 20,000,000',
      effective_date: '2026-06-01',
      broker: 'Tui Brokers Ltd',
    },
  },
  {
    name: 'IT: Italian labels',
    from: 'Marco Bellini <m.bellini@bellinibroker.it>',
    to: HUB,
    subject: 'Richiesta preventivo trasporto merci',
    body: `Buongiorno,

Contraente: Vetreria Lagunare S.r.l.
Ramo: Trasporto merci
Massimale: EUR 750.000 per sinistro
Franchigia: EUR 2.500
Decorrenza: 01/10/2026

Cordiali saluti
Marco Bellini
Bellini Broker Assicurazioni S.r.l.`,
    fields: {
      insured_name: 'Vetreria Lagunare S.r.l.',
      policy_type: 'Marine Cargo',
      coverage_amount: '€750,000',
      effective_date: '2026-10-01',
      broker: 'Bellini Broker Assicurazioni S.r.l.',
    },
  },
  {
    name: 'broker forwards a client’s mail: the broker is still who sent it to us',
    from: 'Fiona Campbell <fiona@glenriskbrokers.co.uk>',
    to: HUB,
    subject: 'FW: insurance for our new lab',
    body: `Hi, see below from our client Tayside Biologics Ltd. They need £10m products liability from 1 August 2026.

Kind regards
Fiona Campbell
Glenrisk Brokers Ltd

From: Ewan Muir <ewan@taysidebio.co.uk>
Sent: 20 March 2026 16:02
To: Fiona Campbell <fiona@glenriskbrokers.co.uk>
Subject: insurance for our new lab

Hi Fiona, we move on 1 August. Turnover will be about £3m.

Ewan Muir
Tayside Biologics Ltd`,
    fields: {
      insured_name: 'Tayside Biologics Ltd',
      policy_type: 'Product Liability',
      coverage_amount: '£10,000,000',
      effective_date: '2026-08-01',
      broker: 'Glenrisk Brokers Ltd',
    },
  },
];
