import {
  SetMetadata,
  StreamableFile,
  applyDecorators,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiDefaultResponse, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { map, type Observable } from 'rxjs';

type Dto = new () => object;
const ANSWER = 'segel:answer';
const text = { type: 'string' } as const;
/** The shape of `Problem` in problem.ts. */
const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    code: text,
    detail: text,
    params: { type: 'object', additionalProperties: true },
    errors: { type: 'array', items: text },
  },
} satisfies ApiResponseSchema;

type ApiResponseSchema = Extract<ApiResponseOptions, { schema: unknown }>['schema'];

/** What a route answers with: documented, and nothing else leaves. `text` is for the formats that are not JSON. */
export function Answers(
  status: number,
  dto: Dto | readonly [Dto] | 'text' | 'nothing' | 'document',
  doc?: string,
): MethodDecorator {
  const description = doc ?? '';
  const response: ApiResponseOptions =
    dto === 'text'
      ? { status, description, content: { 'text/plain': { schema: { type: 'string' } } } }
      : dto === 'nothing'
        ? { status, description }
        : dto === 'document'
          ? { status, description, schema: { type: 'object', additionalProperties: true } }
          : Array.isArray(dto)
            ? { status, description, type: dto[0] as Dto, isArray: true }
            : { status, description, type: dto as Dto };
  return applyDecorators(
    SetMetadata(ANSWER, dto),
    ApiResponse(response),
    ApiDefaultResponse({
      description: 'RFC 9457 problem details with a `code`.',
      content: { 'application/problem+json': { schema: PROBLEM } },
    }),
  );
}

/** Cuts every answer down to what its DTO declares. A route that declares no answer sends none. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const dto = this.reflector.get<Dto | readonly [Dto] | string | undefined>(ANSWER, context.getHandler());
    return next.handle().pipe(map((value: unknown) => shape(dto, value)));
  }
}

function shape(dto: Dto | readonly [Dto] | string | undefined, value: unknown): unknown {
  if (value instanceof StreamableFile || dto === 'text' || dto === 'document') return value;
  if (dto === undefined || typeof dto === 'string') return undefined;
  const type = Array.isArray(dto) ? (dto as readonly [Dto])[0] : (dto as Dto);
  return plainToInstance(type, value, { excludeExtraneousValues: true, exposeUnsetFields: false });
}
