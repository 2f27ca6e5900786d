/** The shape of a tender's terms at the edge: every member is named, anything else is refused. */
import { REGION_CODES, type Region, type TenderTerms } from '@segel/procurement';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { Expose, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, ValidateNested } from 'class-validator';
import { Bytes32, Decimal, Flag, Id, Instant, Integer, Nested, Pattern, Text, Word } from '../platform/http/fields.js';

const LIST = { lots: 100, items: 2000, documents: 200, criteria: 100, slots: 4000, groups: 8 } as const;

/** Lots are named in log entries, whose ids are of version 7. */
const LotId = (options: { optional?: boolean } = {}): PropertyDecorator =>
  Pattern(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'a UUIDv7', options);
const Name = (options: { optional?: boolean } = {}): PropertyDecorator =>
  Pattern(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, - or _', options);
const Currency = (): PropertyDecorator => Pattern(/^[A-Z]{3}$/, 'a three-letter currency');

export class MoneyDto {
  @Decimal()
  amount: string;

  @Currency()
  currency: string;
}

export class BuyerDto {
  @Id()
  id: string;

  @Text(500)
  name: string;
}

export class LotDto {
  @LotId()
  id: string;

  @Text(250)
  title: string;

  @Text(20_000, { optional: true })
  description?: string;

  @Nested(() => MoneyDto, { optional: true })
  estimate?: MoneyDto;
}

export class ClassificationDto {
  @Text(60)
  scheme: string;

  @Text(60)
  id: string;
}

export class ItemDto {
  @Name()
  id: string;

  @LotId()
  lotId: string;

  @Text(20_000)
  description: string;

  @Decimal()
  quantity: string;

  @Text(100)
  unit: string;

  @Nested(() => ClassificationDto, { optional: true })
  classification?: ClassificationDto;
}

export class TenderDocumentDto {
  @Id()
  id: string;

  @Text(60, { doc: 'OCDS documentType.' })
  kind: string;

  @Text(250)
  title: string;

  @Text(200)
  fileName: string;

  @Text(100)
  mediaType: string;

  @Bytes32()
  sha256: string;

  @Integer(1, 8 * 2 ** 20)
  sizeBytes: number;
}

export class CriterionDto {
  @Name()
  id: string;

  @Text(250)
  title: string;

  @Word(['administrative', 'technical', 'price'])
  kind: 'administrative' | 'technical' | 'price';
}

export class SlotDto {
  @Name()
  id: string;

  @LotId({ optional: true })
  lotId?: string;

  @Word(['single', 'technical', 'price'])
  envelope: 'single' | 'technical' | 'price';

  @Text(250)
  label: string;

  @Flag()
  required: boolean;

  @Word(['document', 'answer', 'price'])
  kind: 'document' | 'answer' | 'price';
}

export class DocumentSlotDto extends SlotDto {
  @Text(100, { list: 30 })
  mediaTypes: string[];

  @Integer(1, 2 ** 40)
  maxBytes: number;
}

export class AnswerSlotDto extends SlotDto {
  @Word(['text', 'yes_no', 'number'])
  answer: 'text' | 'yes_no' | 'number';
}

export class PriceSlotDto extends SlotDto {
  @Name()
  itemId: string;
}

const SLOT_TYPES = [
  { name: 'document', value: DocumentSlotDto },
  { name: 'answer', value: AnswerSlotDto },
  { name: 'price', value: PriceSlotDto },
];

/** A slot's members depend on its kind; a member of another kind is refused as unknown. */
function Slots(): PropertyDecorator {
  const oneOf = SLOT_TYPES.map(({ value }) => ({ $ref: getSchemaPath(value) }));
  return applyDecorators(
    Expose() as PropertyDecorator,
    ApiProperty({ type: 'array', items: { oneOf }, maxItems: LIST.slots }),
    IsArray(),
    ArrayMaxSize(LIST.slots),
    ValidateNested({ each: true }),
    Type(() => SlotDto, {
      discriminator: { property: 'kind', subTypes: SLOT_TYPES },
      keepDiscriminatorProperty: true,
    }) as PropertyDecorator,
  );
}

export class OpenerGroupDto {
  @Text(60)
  name: string;

  @Text(250)
  institution: string;

  @Flag({ doc: 'True when the institution is not the buyer’s.' })
  external: boolean;

  @Integer(1, 32)
  k: number;

  @Id({ list: 32 })
  openerIds: string[];
}

export class PrecommitDto {
  @Integer(1, 100_000, { doc: 'Minutes after the deadline within which sealed files may follow their bid.' })
  graceMinutes: number;
}

export class SourceDto {
  @Text(100)
  ocid: string;

  @Text(4000, { optional: true })
  note?: string;
}

@ApiExtraModels(DocumentSlotDto, AnswerSlotDto, PriceSlotDto)
export class TermsDto {
  @Text(250)
  title: string;

  @Text(20_000)
  description: string;

  @Word(['goods', 'works', 'services'])
  category: TenderTerms['category'];

  @Word(REGION_CODES, { optional: true, doc: 'ISO 3166-2: where it is delivered or built.' })
  region?: Region;

  @Pattern(/^[A-Za-z0-9-]{2,35}$/, 'a language tag')
  language: string;

  @Nested(() => BuyerDto)
  buyer: BuyerDto;

  @Currency()
  currency: string;

  @Nested(() => MoneyDto, { optional: true })
  estimate?: MoneyDto;

  @Text(60)
  rulePackId: string;

  @Word(['pq1', 'x1'])
  suite: TenderTerms['suite'];

  @Instant()
  enquiryEndAt: string;

  @Instant()
  deadlineAt: string;

  @Integer(1, 2 ** 40)
  maxBidBytes: number;

  @Nested(() => PrecommitDto, { optional: true, doc: 'Absent: sealed files come before the deadline.' })
  precommit?: PrecommitDto;

  @Nested(() => LotDto, { list: LIST.lots })
  lots: LotDto[];

  @Nested(() => ItemDto, { list: LIST.items })
  items: ItemDto[];

  @Nested(() => TenderDocumentDto, { list: LIST.documents })
  documents: TenderDocumentDto[];

  @Nested(() => CriterionDto, { list: LIST.criteria })
  criteria: CriterionDto[];

  @Slots()
  slots: SlotDto[];

  @Nested(() => OpenerGroupDto, { list: LIST.groups })
  groups: OpenerGroupDto[];

  @Nested(() => SourceDto, { optional: true })
  source?: SourceDto;
}
