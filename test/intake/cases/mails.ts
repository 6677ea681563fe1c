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
  {
    name: 'US: two lines in one mail, the first with its own limit',
    from: 'Rachel Kim <rkim@summitlinebrokers.com>',
    to: 'new@carrier.com',
    subject: 'New Submission - Ironwood Fabrication Inc - GL/Umbrella - 7/1/26',
    body: `Good afternoon,

I'm pleased to submit Ironwood Fabrication Inc for your consideration. They are a structural steel fabricator in Tulsa, OK with 85 employees.

Coverages needed:
General Liability: $1,000,000/$2,000,000
Umbrella: $5,000,000

Effective Date: 7/1/2026
Revenues: $18,500,000

We'd love to have your quote by 6/15.

Best regards,

Rachel Kim, CIC, CRM
Vice President
Summitline Insurance Brokers
O: 918.555.0199 | M: 918.555.0142
rkim@summitlinebrokers.com
www.summitlinebrokers.com

CONFIDENTIALITY NOTICE: This email is intended only for the addressee.`,
    fields: {
      insured_name: 'Ironwood Fabrication Inc',
      policy_type: 'General Liability',
      coverage_amount: '$1,000,000',
      effective_date: '2026-07-01',
      broker: 'Summitline Insurance Brokers',
    },
  },
  {
    name: 'UK: broker first in the subject, signature without closing words',
    from: 'd.okafor@lanternrisk.co.uk',
    to: 'uw@carrier.co.uk',
    subject: 'Lantern Risk / Foxglove Care Homes Limited / Medical Malpractice & PL',
    body: `Hi Sam,

Trust you're well. Please find attached a presentation for Foxglove Care Homes Limited, operators of six residential homes in Devon.

We are looking for £5m any one claim medical malpractice with inception 1st June 2026. Turnover c. £9m. Expiring premium is £61,500 with a £5k excess.

Look forward to hearing from you.

Daniel Okafor Cert CII
Senior Account Handler

Lantern Risk Solutions Ltd
12 Quay Street, Exeter EX1 1AA
Lantern Risk Solutions Ltd is authorised and regulated by the Financial Conduct Authority.`,
    fields: {
      insured_name: 'Foxglove Care Homes Limited',
      policy_type: 'Professional Indemnity',
      coverage_amount: '£5,000,000',
      effective_date: '2026-06-01',
      broker: 'Lantern Risk Solutions Ltd',
    },
  },
  {
    name: 'US: portal’s table, agency by label',
    from: 'Submissions <subs@northstarmga.com>',
    subject: 'Request for quote',
    body: `<html><body><table border=1><tr><td><b>Insured Name:</b></td><td>Blue Heron Brewing Company</td></tr><tr><td><b>Policy Type:</b></td><td>Commercial Property</td></tr><tr><td><b>Total Insured Value:</b></td><td>$6,425,000</td></tr><tr><td><b>Proposed Eff. Date:</b></td><td>05/20/2026</td></tr><tr><td><b>Deductible:</b></td><td>$10,000 AOP</td></tr><tr><td><b>Producing Agency:</b></td><td>Cascade Commercial Insurance</td></tr></table></body></html>`,
    fields: {
      insured_name: 'Blue Heron Brewing Company',
      policy_type: 'Commercial Property',
      coverage_amount: '$6,425,000',
      effective_date: '2026-05-20',
      broker: 'Cascade Commercial Insurance',
    },
  },
  {
    name: 'AU: terse labels, trustee as insured',
    from: 'Emma Thornton <emma.thornton@kelsobroking.com.au>',
    to: 'sub@x.com.au',
    subject: 'Management Liability - quote required',
    body: `Hi Team

Can you please quote the below:

Insured: The Trustee for Wirra Family Trust t/as Wirra Wines
Cover: Management Liability
Limit: $2m
Excess: $5k
Revenue: $3.4m
Renewal: 30/6/26

Kind Regards

Emma Thornton
Kelso Broking Services Pty Ltd | AFSL 123456`,
    fields: {
      insured_name: 'The Trustee for Wirra Family Trust t/as Wirra Wines',
      policy_type: 'Directors & Officers',
      coverage_amount: 'AUD 2,000,000',
      effective_date: '2026-06-30',
      broker: 'Kelso Broking Services Pty Ltd',
    },
  },
  {
    name: 'US: a line from a phone',
    from: 'Bob Tran <bob@gmail.com>',
    subject: 'need workers comp',
    body: `hey can you guys get me a quote for workers comp for my client Bayou Roofing & Sheet Metal LLC? they want it to start 4/1/2026. payroll is 900k. thx

Bob Tran
Tran & Associates Insurance`,
    fields: {
      insured_name: 'Bayou Roofing & Sheet Metal LLC',
      policy_type: 'Workers Compensation',
      coverage_amount: null,
      effective_date: '2026-04-01',
      broker: 'Tran & Associates Insurance',
    },
  },
  {
    name: 'DE: prose',
    from: 'Katrin Vogel <k.vogel@isar-assekuranz.de>',
    to: 'x@y.de',
    subject: 'Cyberversicherung - Angebotsanfrage für Lindauer Präzisionsteile GmbH',
    body: `Sehr geehrte Kolleginnen und Kollegen,

für unseren Kunden Lindauer Präzisionsteile GmbH bitten wir um ein Angebot für eine Cyberversicherung ab 01.05.2026. Gewünschte Deckungssumme: 3.000.000 EUR, Selbstbehalt 25.000 EUR. Der Jahresumsatz beträgt 41 Mio. EUR.

Mit freundlichen Grüßen

Katrin Vogel
Isar Assekuranz GmbH`,
    fields: {
      insured_name: 'Lindauer Präzisionsteile GmbH',
      policy_type: 'Cyber',
      coverage_amount: '€3,000,000',
      effective_date: '2026-05-01',
      broker: 'Isar Assekuranz GmbH',
    },
  },
  {
    name: 'IE: Gmail’s forward of the client’s own mail, signed in one line',
    from: 'Moira Flynn <moira.flynn@shannonsidebrokers.ie>',
    to: 'u@x.ie',
    subject: 'Fwd: Contract works query',
    body: `Please see below for quotation, thanks. Moira Flynn, Shannonside Brokers DAC

---------- Forwarded message ---------
From: Pat Keane <pat@keanebuild.ie>
Date: Tue, 10 Mar 2026 at 14:22
Subject: Contract works query
To: Moira Flynn <moira.flynn@shannonsidebrokers.ie>

Moira,

Keane Build Limited needs contract works cover from 20 April 2026 for the Ennis job. Limit €1.8m.

Pat`,
    fields: {
      insured_name: 'Keane Build Limited',
      policy_type: 'Builders Risk',
      coverage_amount: '€1,800,000',
      effective_date: '2026-04-20',
      broker: 'Shannonside Brokers DAC',
    },
  },
  {
    name: 'NL: English with Dutch habits',
    from: 'Anneke de Vries <anneke@devriesrisk.nl>',
    to: 'uw@x.nl',
    subject: 'Product liability enquiry - Texelse Zuivel Coöperatie U.A.',
    body: `Dear team,

Please quote for:

Name insured: Texelse Zuivel Coöperatie U.A.
Cover: products liability
Limit: EUR 5.000.000 per claim and EUR 10.000.000 per year
Starting date: 1-6-2026
Turnover: EUR 62 mln

With kind regards,
Anneke de Vries
De Vries Risk & Insurance`,
    fields: {
      insured_name: 'Texelse Zuivel Coöperatie U.A.',
      policy_type: 'Product Liability',
      coverage_amount: '€5,000,000',
      effective_date: '2026-06-01',
      broker: 'De Vries Risk & Insurance',
    },
  },
  {
    name: 'US: layer in excess of another',
    from: 'Chris Long <chris.long@longandhart.com>',
    subject: 'D&O - $5M xs $5M - Arbor Vista Holdings, Inc.',
    body: `Team,

Arbor Vista Holdings, Inc. is marketing its D&O tower. Looking for $5M xs $5M effective June 30, 2026. Primary is with Chubb. Retention on the primary is $250,000.

Chris Long | Managing Director
Long & Hart Wholesale Brokers`,
    fields: {
      insured_name: 'Arbor Vista Holdings, Inc.',
      policy_type: 'Directors & Officers',
      coverage_amount: '$5,000,000',
      effective_date: '2026-06-30',
      broker: 'Long & Hart Wholesale Brokers',
    },
  },
  {
    name: 'UK: sole trader, in prose, signed with one line',
    from: 'info@pageandsons.co.uk',
    to: 'x@y.co.uk',
    subject: 'Shop insurance',
    body: `Dear Sirs

We have a client, Mrs Joan Whitby trading as Whitby Wool, who needs public liability of £2 million for her market stall from 6 April.

Please advise.

Page & Sons (Insurance Consultants)`,
    fields: {
      insured_name: 'Mrs Joan Whitby',
      policy_type: 'General Liability',
      coverage_amount: '£2,000,000',
      effective_date: '2026-04-06',
      broker: 'Page & Sons (Insurance Consultants)',
    },
  },
  {
    name: 'US: labels without colons, reply above Gmail’s quote',
    from: 'Liam Byrne <liam@harbourquay.com>',
    to: 'uw@x.com',
    subject: 'RE: RE: Excess casualty - Delmar Foods Corporation',
    body: `Attached as requested.

Insured Delmar Foods Corporation
LOB Excess Liability

Requested limits are $10MM per occurrence/$10MM aggregate. Effective date is 08/01/2026.

Regards
Liam Byrne
Harbour Quay Risk Partners

On Thu, Mar 19, 2026 at 3:12 PM UW Desk <uw@x.com> wrote:
> Liam, what limit and when?
> UW Desk`,
    fields: {
      insured_name: 'Delmar Foods Corporation',
      policy_type: 'Umbrella/Excess',
      coverage_amount: '$10,000,000',
      effective_date: '2026-08-01',
      broker: 'Harbour Quay Risk Partners',
    },
  },
];
