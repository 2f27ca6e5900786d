/** One decorator a field: what it accepts, how it is documented, that it may leave. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Expose, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

type Options = {
  readonly optional?: boolean;
  readonly list?: number;
  readonly listMin?: number;
  readonly doc?: string;
};

function field(options: Options, api: ApiPropertyOptions, ...rules: PropertyDecorator[]): PropertyDecorator {
  const { optional = false, list, doc } = options;
  const described = {
    ...api,
    ...(doc === undefined ? {} : { description: doc }),
    ...(list === undefined ? {} : { isArray: true, maxItems: list }),
  };
  return applyDecorators(
    Expose() as PropertyDecorator,
    (optional ? ApiPropertyOptional : ApiProperty)(described as ApiPropertyOptions),
    ...(optional ? [IsOptional()] : []),
    ...(list === undefined ? [] : [IsArray(), ArrayMaxSize(list), ArrayMinSize(options.listMin ?? 0)]),
    ...rules,
  );
}

/** Text of 1 to `max` characters. */
export function Text(max: number, options: Options & { readonly min?: number } = {}): PropertyDecorator {
  const each = options.list !== undefined;
  const min = options.min ?? 1;
  return field(
    options,
    { type: String, minLength: min, maxLength: max },
    IsString({ each }),
    Length(min, max, { each }),
  );
}

/** Text that matches a pattern. */
export function Pattern(pattern: RegExp, name: string, options: Options = {}): PropertyDecorator {
  const each = options.list !== undefined;
  return field(
    options,
    { type: String, pattern: pattern.source, format: name },
    IsString({ each }),
    Matches(pattern, { each, message: `$property must be ${name}` }),
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A lower-case UUID. */
export const Id = (options: Options = {}): PropertyDecorator => Pattern(UUID, 'a lower-case uuid', options);
/** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export const Instant = (options: Options = {}): PropertyDecorator =>
  Pattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'an instant YYYY-MM-DDTHH:MM:SS.mmmZ', options);
/** Base64 of 32 bytes: hashes and Ed25519 public keys. */
export const Bytes32 = (options: Options = {}): PropertyDecorator =>
  Pattern(/^[A-Za-z0-9+/]{43}=$/, '32 bytes in base64', options);
/** Base64 of 64 bytes: an Ed25519 signature. */
export const Bytes64 = (options: Options = {}): PropertyDecorator =>
  Pattern(/^[A-Za-z0-9+/]{86}==$/, '64 bytes in base64', options);
/** Padded base64 of up to `max` characters. */
export function Base64(max: number, options: Options = {}): PropertyDecorator {
  const each = options.list !== undefined;
  const pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  return field(
    options,
    { type: String, format: 'base64', maxLength: max },
    IsString({ each }),
    Length(0, max, { each }),
    Matches(pattern, { each, message: '$property must be padded base64' }),
  );
}
/** Decimal text such as 1250000.50. */
export const Decimal = (options: Options = {}): PropertyDecorator =>
  Pattern(/^(0|[1-9]\d{0,17})(\.\d{1,6})?$/, 'decimal text', options);

/** A whole number. */
export function Integer(min: number, max: number, options: Options = {}): PropertyDecorator {
  return field(options, { type: 'integer', minimum: min, maximum: max }, IsInt(), Min(min), Max(max));
}

/** A whole number in a query string. */
export function QueryInteger(min: number, max: number, options: Options = {}): PropertyDecorator {
  return applyDecorators(
    Type(() => Number),
    Integer(min, max, { optional: true, ...options }),
  );
}

export const Flag = (options: Options = {}): PropertyDecorator => field(options, { type: Boolean }, IsBoolean());
export const Email = (options: Options = {}): PropertyDecorator =>
  field(options, { type: String, format: 'email', maxLength: 254 }, IsEmail(), Length(3, 254));

/** One of a closed list of words. */
export function Word(words: readonly string[], options: Options = {}): PropertyDecorator {
  const each = options.list !== undefined;
  return field(options, { type: String, enum: [...words] }, IsIn([...words], { each }));
}

/** Another DTO, or a list of up to `list` of it. */
export function Nested(type: () => new () => object, options: Options = {}): PropertyDecorator {
  const each = options.list !== undefined;
  // The description knows a type that is resolved later by the name of this function.
  return applyDecorators(field(options, { type: () => type() }, ValidateNested({ each })), Type(type));
}

/** A document that a rule or a library checks member by member; here only that it is an object. */
export function Document(doc: string, options: Options = {}): PropertyDecorator {
  const each = options.list !== undefined;
  return field({ ...options, doc }, { type: 'object', additionalProperties: true }, IsObject({ each }));
}
