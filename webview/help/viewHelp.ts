import type { PanelView } from '../protocol';
import type { PanelString } from '../strings';

/** What a person should know before they believe a picture. */
export interface ViewHelp {
  /** What the picture shows. */
  shows: PanelString;
  /** How it misleads, in two sentences. */
  misleads: readonly [PanelString, PanelString];
  /** One paper to read; authors, year and title stay as they were printed. */
  paper: string;
}

/** Three sentences for each view. */
export const VIEW_HELP: { readonly [view in PanelView]: ViewHelp } = {
  overview: {
    shows:
      'Every layer and head as a small map: rows are tokens that read, columns tokens that are read, and where weights share a dot the strongest is drawn.',
    misleads: [
      'A bright column is often a sink, a token such as [CLS] or the first one, where a head leaves weight it has no use for; it says little about the text.',
      'What a head does here may be an accident of this one text: look at others before you give it a name.',
    ],
    paper:
      'Clark et al. (2019): What Does BERT Look At? An Analysis of BERT’s Attention. arXiv:1906.04341',
  },
  head: {
    shows:
      'The attention of one head, or of several as one: each row is how one token shares its attention out among the tokens it reads.',
    misleads: [
      'A mean hides its heads: what they do differently can add up to a picture that none of them has.',
      'A weight says how much is read, not why the model answers as it does: attention is not an explanation.',
    ],
    paper: 'Jain & Wallace (2019): Attention is not Explanation. arXiv:1902.10186',
  },
  lines: {
    shows:
      'The strongest weights as lines, from the token that reads on the left to the token it reads on the right, each head in a colour of its own.',
    misleads: [
      'Only the strongest lines among the tokens in sight are drawn: many weak weights may hold more together than the few strong ones, and are missing.',
      'Lines to a sink crowd the others out and say little; and no line is a reason, it is a weight.',
    ],
    paper:
      'Vig (2019): A Multiscale Visualization of Attention in the Transformer Model. arXiv:1906.05714',
  },
  text: {
    shows: 'The text itself, filled where the chosen token reads, and underlined where it is read.',
    misleads: [
      'Colours are measured against this token’s own strongest weight, the sink left out, so that a strong colour may be a few per cent: read the legend before you compare two tokens.',
      'In later layers a token holds more than its own word, so that weight on a word need not be about that word.',
    ],
    paper: 'Brunner et al. (2020): On Identifiability in Transformers. arXiv:1908.04211',
  },
  explain: {
    shows:
      'How one weight of one head comes about, number by number: query times key, the score, the softmax against the rest of the row, and what the value brings.',
    misleads: [
      'A single dimension has no meaning of its own; only the sum of all of them makes the score.',
      'A large weight may bring little, where the value behind it is short, as a sink’s often is: compare the lengths at the end.',
    ],
    paper:
      'Kobayashi et al. (2020): Attention is Not Only a Weight: Analyzing Transformers with Vector Norms. arXiv:2004.10102',
  },
  position: {
    shows:
      'How this model tells places apart: the numbers that its encoding gives to each position, and how they compare over distance.',
    misleads: [
      'It speaks of positions only, whatever the words are; what a head makes of them stands in the map and in the laboratory.',
      'An encoding can be computed further out than the model was trained for, and there says nothing about how well it reads.',
    ],
    paper:
      'Dufter et al. (2022): Position Information in Transformers: An Overview. arXiv:2102.11090',
  },
  laboratory: {
    shows:
      'The same text read with position as trained and with position as you change it, and the difference of the two.',
    misleads: [
      'The model has never been trained with the change: a large difference shows that a head relies on position, not how it would read had it learned without.',
      'A later layer also differs because everything it reads differs; only in the first is the effect that of position alone.',
    ],
    paper:
      'Wang & Chen (2020): What Do Position Embeddings Learn? An Empirical Study of Pre-Trained Language Model Positional Encoding. arXiv:2010.04903',
  },
  compare: {
    shows:
      'Two texts, versions or readings of one text, beside each other on one axis of tokens, and what differs: warm where B has more weight, cool where it has less.',
    misleads: [
      'Where a text gained or lost tokens, every other weight of a row moves a little, as the row still sums to 1; look for what moves more than that.',
      'Tokens are matched by a difference of the two texts: a word that was moved counts as lost in one place and new in another.',
    ],
    paper:
      'Vig et al. (2020): Investigating Gender Bias in Language Models Using Causal Mediation Analysis. arXiv:2004.12265',
  },
  chapter: {
    shows:
      'The textbook’s encoder on your text, step by step, with every number between the words and the output of one token.',
    misleads: [
      'The arithmetic is real, but nothing in this model is trained: its weights are identities and random numbers, so that what it attends to shows how the arithmetic works, not how language does.',
      'It is small enough to be read number by number; what holds for its single layer need not hold for a deep model.',
    ],
    paper: 'Vaswani et al. (2017): Attention Is All You Need. arXiv:1706.03762',
  },
};
