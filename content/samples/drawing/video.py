"""Films into files: H.264 Baseline and AAC in MP4, small and quick to seek on old machines."""

from __future__ import annotations

from array import array
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from content.samples.drawing import speech
from content.samples.drawing.canvas import Canvas
from content.samples.drawing.narration import Film, Timeline, lay_out
from content.samples.drawing.pictures import save
from content.samples.drawing.subtitles import write_subtitles

WIDTH, HEIGHT, FRAMES_PER_S = 426, 240, 15
_KEYFRAME_EVERY_S = 5
_GAIN = 2.9
_AUDIO_BIT_S = 36_000
_QUALITY = {"profile": "baseline", "preset": "veryslow", "crf": "22", "tune": "animation"}


def make_video(film: Film, pack: Path) -> float:
    """Write the film's video, subtitles and poster into its lesson; returns its length in s."""
    folder = pack / "lessons" / film.lesson
    lines = [line for scene in film.scenes for line in scene.lines]
    voices = [speech.say(line.kk) for line in lines]
    timeline = lay_out(film, [len(voice) / speech.RATE_HZ for voice in voices])
    track = speech.mix_down(voices, timeline.spoken, timeline.duration_s)
    encode(timeline, speech.master(track, _GAIN), folder / "video.mp4")
    write_subtitles(timeline.spoken, folder)
    save(poster(film, timeline), folder / "poster.png")
    return timeline.duration_s


def encode(timeline: Timeline, track: array[int], path: Path) -> None:
    """Draw every frame and write the MP4, its index first so that it plays while it arrives."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", options=options) as container:
        picture = container.add_stream("libx264", rate=FRAMES_PER_S, options=dict(_QUALITY))
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        picture.codec_context.gop_size = _KEYFRAME_EVERY_S * FRAMES_PER_S
        sound = container.add_stream("aac", rate=speech.RATE_HZ)
        sound.codec_context.layout = "mono"
        sound.bit_rate = _AUDIO_BIT_S
        for frame in speech.frames_of(track):
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
        for number in range(round(timeline.duration_s * FRAMES_PER_S)):
            image = frame_at(timeline, number / FRAMES_PER_S)
            drawn = av.VideoFrame.from_image(image)
            drawn.pts, drawn.time_base = number, Fraction(1, FRAMES_PER_S)
            container.mux(picture.encode(drawn))
        container.mux(picture.encode(None))


def frame_at(timeline: Timeline, film_s: float, scale: float = 1) -> Image.Image:
    """The film's frame at a moment; the last scene stays until the end."""
    begun = [scene for scene in timeline.scenes if scene.start_s <= film_s]
    canvas = Canvas(WIDTH, HEIGHT, scale)
    begun[-1].scene.draw(canvas, begun[-1].clock(film_s))
    return canvas.image()


def poster(film: Film, timeline: Timeline) -> Image.Image:
    """A frame that says what the film is about, twice as large."""
    scene_number, line = film.poster
    scene = timeline.scenes[scene_number]
    return frame_at(timeline, scene.start_s + scene.starts_s[line] + 2.2, 2)
