import { z } from 'zod'
import { imageData, imageMedia } from '../../fields.ts'
import type { ImagePart } from '../../spec.ts'

const START = /^data:([a-z]+\/[a-z0-9.+-]+);base64,/

/**
 * An image inside the request, as a `data:` URL. Nothing is ever fetched for a stranger, so other URLs are refused by
 * name.
 */
export const imageUrl = z.string().transform((url, context): ImagePart => {
  const [start, type] = START.exec(url) ?? []
  if (start === undefined) {
    const message = /^https?:/i.test(url)
      ? 'is not fetched: send the image itself as data:image/png;base64,…'
      : 'must be data:image/png;base64,… or data:image/jpeg;base64,…'
    const unsupported = /^https?:/i.test(url)
    context.addIssue({ code: 'custom', message, ...(unsupported && { params: { unsupported } }) })
    return z.NEVER
  }
  const media = imageMedia.safeParse(type)
  const data = imageData.safeParse(url.slice(start.length))
  if (!media.success || !data.success) {
    context.addIssue({ code: 'custom', message: 'must hold a PNG or a JPEG in base64' })
    return z.NEVER
  }
  return { type: 'image', media: media.data, data: data.data }
})
