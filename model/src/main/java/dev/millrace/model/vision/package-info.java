/**
 * A diagnostic of image encoders: how alike their responses to contrast, frequency, luminance, area
 * and masks are to those of human observers.
 *
 * <p>Entry point is {@link dev.millrace.model.vision.VisionDiagnostic}; the numbers mean something
 * only beside those of raw pixels, which every report holds too.
 */
package dev.millrace.model.vision;
