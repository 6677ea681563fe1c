// The many names of a line of business all mean the one that the hub has for it.
import { expect } from 'chai';
import { findPolicyTypes, POLICY_TYPES } from '../../src/intake/fields/policy-types.js';

const NAMES: Record<string, string[]> = {
  'General Liability': ['GL', 'CGL', 'Public & Products Liability', 'public liability', 'Responsabilité civile'],
  'Commercial Property': ['commercial property', 'Property Owners', 'Property', 'ISR'],
  'Commercial Auto': ['Motor Fleet', 'business auto', 'Commercial Vehicles'],
  'Workers Compensation': ['WC', "Workers' Comp", 'Workers Compensation', "Workmen's compensation"],
  Cyber: ['Cyber', 'cyber liability', 'Data breach'],
  'Professional Indemnity': ['PI', 'E&O', 'Professional Liability', 'errors and omissions', 'Berufshaftpflicht'],
  'Directors & Officers': ['D&O', 'Directors and Officers Liability', "Directors' & Officers'", 'management liability'],
  'Umbrella/Excess': ['umbrella', 'Excess Liability', 'Commercial Umbrella'],
  'Marine Cargo': ['Marine cargo', 'stock throughput', 'Goods in Transit', 'cargo'],
  'Business Owners Package': ['BOP', "Businessowner's Policy", 'business owners package'],
  'Builders Risk': ["Builder's Risk", 'Contractors All Risks', 'CAR', 'contract works'],
  'Product Liability': ['Product Liability', 'products liability', 'Produkthaftpflicht'],
  'Employment Practices': ['EPLI', 'EPL', 'Employment Practices Liability'],
  Environmental: ['Pollution Legal Liability', 'environmental impairment liability', 'Umwelthaftpflicht'],
  Crime: ['Commercial Crime', 'Fidelity bond', 'crime'],
};

describe('lines of business', () => {
  it('are those of the hub', () => expect([...POLICY_TYPES].sort()).to.deep.equal(Object.keys(NAMES).sort()));
  for (const [line, names] of Object.entries(NAMES)) {
    it(`${line}: ${names.join(', ')}`, () => {
      for (const name of names)
        expect(
          findPolicyTypes(name, true).map((found) => found.name),
          name,
        ).to.deep.equal([line]);
    });
  }
  it('are not found in words that hold them, nor in another line’s name', () => {
    for (const text of ['glass', 'pile', 'carpet', 'Limit of liability', "Employers' liability", 'gl', 'pi'])
      expect(findPolicyTypes(text, true), text).to.deep.equal([]);
  });
});
